// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FDS_MAX (1 << 20)

static const struct ks_agent_route *const routes[] = {
	&ks_route_session,
	&ks_route_session_rfc,
	&ks_route_userns,
	&ks_route_intercept,
};

static const struct ks_agent_delivery *const deliveries[] = {
	&ks_delivery_signal,
	&ks_delivery_fd_keyctl,
	&ks_delivery_fd_write,
};

/* In the order of the kernel's own preference; see keystorm_uapi.h. */
static const char *const kinds[KS_FILTER_MAX] = { "user", "net", "mnt", "pid", "uts", "ipc", "cgroup" };

static const struct {
	const char *name;
	ks_key_serial serial;
} keyrings[] = {
	{ "session", KEY_SPEC_SESSION_KEYRING },
	{ "process", KEY_SPEC_PROCESS_KEYRING },
	{ "user", KEY_SPEC_USER_KEYRING },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

void ks_agent_fail(int status, const char *format, ...)
{
	va_list arguments;

	fputs("ks-agent: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

static unsigned long number(const char *option, const char *text, unsigned long min, unsigned long max)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < min || value > max)
		ks_agent_fail(2, "--%s takes a number from %lu to %lu, not \"%s\"", option, min, max, text);
	return value;
}

static void take_sizes(const char *text, struct ks_answer_sizes *sizes)
{
	if (ks_answer_sizes_parse(text, sizes))
		ks_agent_fail(2, "--payload-bytes takes up to %d sizes from %d to %d separated by commas, not \"%s\"",
			      KS_ANSWER_SIZES_MAX, KS_ANSWER_MIN, KS_ANSWER_MAX, text);
}

static const struct ks_agent_route *route_named(const char *name)
{
	for (size_t i = 0; i < COUNT(routes); i++)
		if (!strcmp(routes[i]->name, name))
			return routes[i];
	ks_agent_fail(2, "--route takes session, session-rfc, userns or intercept, not \"%s\"", name);
}

static const struct ks_agent_delivery *delivery_named(const char *name)
{
	for (size_t i = 0; i < COUNT(deliveries); i++)
		if (!strcmp(deliveries[i]->name, name))
			return deliveries[i];
	ks_agent_fail(2, "--delivery takes signal, fd-keyctl or fd-write, not \"%s\"", name);
}

static ks_key_serial keyring_named(const char *name)
{
	for (size_t i = 0; i < COUNT(keyrings); i++)
		if (!strcmp(keyrings[i].name, name))
			return keyrings[i].serial;
	if (*name < '0' || *name > '9')
		ks_agent_fail(2, "--keyring takes session, process, user or a serial, not \"%s\"", name);
	return (ks_key_serial)number("keyring", name, 1, INT32_MAX);
}

/* False: no such kind, or it is there already. */
static bool add_kind(struct ks_filter *filter, const char *name, size_t length)
{
	for (uint32_t i = 0; i < filter->count; i++)
		if (strlen(filter->kinds[i]) == length && !strncmp(filter->kinds[i], name, length))
			return false;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strlen(kinds[i]) == length && !strncmp(kinds[i], name, length)) {
			filter->kinds[filter->count++] = kinds[i];
			return true;
		}
	return false;
}

/* "user,net"; "" and "-" name none. */
static void take_filter(const char *text, struct ks_filter *filter)
{
	*filter = (struct ks_filter){ 0 };
	for (const char *at = strcmp(text, "-") ? text : ""; *at;) {
		size_t length = strcspn(at, ",");

		if (!add_kind(filter, at, length) || (at[length] && !at[length + 1]))
			ks_agent_fail(2, "--filter takes some of user, net, mnt, pid, uts, ipc and cgroup, each once, separated by commas, "
					 "or - for none, not \"%s\"", text);
		at += length + (at[length] == ',');
	}
}

static void check(const struct ks_agent_options *options)
{
	if (!options->id || !options->delivery || !options->sizes.count)
		ks_agent_fail(2, "--id, --delivery and --payload-bytes are needed");
	if (options->filter.count > 0 && !options->route->filters)
		ks_agent_fail(2, "--filter goes with --route intercept only");
	if (!strcmp(options->key_type, KS_ANY_TYPE) && !options->route->any_type)
		ks_agent_fail(2, "--type any goes with --route userns and intercept: a keyagent's key names one type");
	if (options->route == &ks_route_session_rfc && options->delivery != &ks_delivery_signal)
		ks_agent_fail(2, "--route session-rfc knows no delivery but signal");
}

void ks_agent_parse(int argc, char **argv, struct ks_agent_options *options)
{
	static const struct option known[] = {
		{ "id", required_argument, NULL, 'i' },
		{ "route", required_argument, NULL, 'R' },
		{ "delivery", required_argument, NULL, 'd' },
		{ "filter", required_argument, NULL, 'f' },
		{ "type", required_argument, NULL, 't' },
		{ "payload-bytes", required_argument, NULL, 'p' },
		{ "keyring", required_argument, NULL, 'k' },
		{ "new-session", no_argument, NULL, 's' },
		{ "stages", no_argument, NULL, 'S' },
		{ "stages-fd", required_argument, NULL, 'F' },
		{ "dose-fd", required_argument, NULL, 'D' },
		{ "ready-fd", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*options = (struct ks_agent_options){ .route = &ks_route_session,
					      .key_type = "user",
					      .keyring = KEY_SPEC_SESSION_KEYRING,
					      .stages_fd = -1,
					      .dose_fd = -1,
					      .ready_fd = -1 };
	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		switch (option) {
		case 'i':
			options->id = (uint32_t)number("id", optarg, 1, UINT32_MAX);
			break;
		case 'R':
			options->route = route_named(optarg);
			break;
		case 'd':
			options->delivery = delivery_named(optarg);
			break;
		case 'f':
			take_filter(optarg, &options->filter);
			break;
		case 't':
			options->key_type = optarg;
			break;
		case 'p':
			take_sizes(optarg, &options->sizes);
			break;
		case 'k':
			options->keyring = keyring_named(optarg);
			break;
		case 's':
			options->new_session = true;
			break;
		case 'S':
			options->stages = true;
			break;
		case 'F':
			options->stages_fd = (int)number("stages-fd", optarg, 0, FDS_MAX);
			break;
		case 'D':
			options->dose_fd = (int)number("dose-fd", optarg, 0, FDS_MAX);
			break;
		case 'r':
			options->ready_fd = (int)number("ready-fd", optarg, 0, FDS_MAX);
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc)
		ks_agent_fail(2, "unexpected argument \"%s\"", argv[optind]);
	check(options);
}
