// SPDX-License-Identifier: MIT
/*
 * ks-agent: answers the key requests of the container it runs in.
 *
 * ks-agent --id N --delivery signal|fd-write --payload-bytes A[,B…] [--type user]
 *	    [--new-session] [--keyring session|process|user|SERIAL] [--ready-fd N]
 *
 * It adds a "keyagent" key to its session keyring, or to the one named, says "ready" on the given descriptor, and serves until it is killed.
 * Exit codes: 2 wrong arguments, 1 anything else, with one sentence on standard error.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "keystorm_uapi.h"

static const struct ks_agent_delivery *const deliveries[] = { &ks_agent_signal, &ks_agent_fd_write };

static const struct {
	const char *name;
	ks_key_serial serial;
} keyrings[] = {
	{ "session", KEY_SPEC_SESSION_KEYRING },
	{ "process", KEY_SPEC_PROCESS_KEYRING },
	{ "user", KEY_SPEC_USER_KEYRING },
};

__attribute__((noreturn, format(printf, 2, 3))) static void fail(int code, const char *format, ...)
{
	va_list arguments;

	fputs("ks-agent: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(code);
}

static unsigned long number(const char *option, const char *text, unsigned long min, unsigned long max)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < min || value > max)
		fail(2, "--%s takes a number from %lu to %lu, not \"%s\"", option, min, max, text);
	return value;
}

static void take_sizes(const char *text, struct ks_answer_sizes *sizes)
{
	if (ks_answer_sizes_parse(text, sizes))
		fail(2, "--payload-bytes takes up to %d sizes from %d to %d separated by commas, not \"%s\"",
		     KS_ANSWER_SIZES_MAX, KS_ANSWER_MIN, KS_ANSWER_MAX, text);
}

static const struct ks_agent_delivery *delivery_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(deliveries) / sizeof(deliveries[0]); i++)
		if (!strcmp(deliveries[i]->name, name))
			return deliveries[i];
	fail(2, "--delivery takes signal or fd-write, not \"%s\"", name);
}

static ks_key_serial keyring_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(keyrings) / sizeof(keyrings[0]); i++)
		if (!strcmp(keyrings[i].name, name))
			return keyrings[i].serial;
	if (*name < '0' || *name > '9')
		fail(2, "--keyring takes session, process, user or a serial, not \"%s\"", name);
	return (ks_key_serial)number("keyring", name, 1, INT32_MAX);
}

static void parse(int argc, char **argv, struct ks_agent_options *options, const struct ks_agent_delivery **delivery)
{
	static const struct option known[] = {
		{ "id", required_argument, NULL, 'i' },	     { "delivery", required_argument, NULL, 'd' },
		{ "payload-bytes", required_argument, NULL, 'p' }, { "type", required_argument, NULL, 't' },
		{ "keyring", required_argument, NULL, 'k' },  { "ready-fd", required_argument, NULL, 'r' },
		{ "new-session", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	int option, index = 0;

	while ((option = getopt_long(argc, argv, "", known, &index)) >= 0) {
		switch (option) {
		case 'i':
			options->id = (uint32_t)number("id", optarg, 1, UINT32_MAX);
			break;
		case 'd':
			*delivery = delivery_named(optarg);
			break;
		case 'p':
			take_sizes(optarg, &options->sizes);
			break;
		case 't':
			options->key_type = optarg;
			break;
		case 'k':
			options->keyring = keyring_named(optarg);
			break;
		case 's':
			options->new_session = true;
			break;
		case 'r':
			options->ready_fd = (int)number("ready-fd", optarg, 0, 1 << 20);
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc)
		fail(2, "unexpected argument \"%s\"", argv[optind]);
	if (!options->id || !*delivery || !options->sizes.count)
		fail(2, "--id, --delivery and --payload-bytes are needed");
}

static void say_ready(int fd)
{
	static const char ready[] = "ready\n";

	if (write(fd, ready, sizeof(ready) - 1) != (ssize_t)sizeof(ready) - 1)
		fail(1, "cannot say ready on descriptor %d: %s", fd, strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	struct ks_agent_options options = {
		.key_type = "user", .keyring = KEY_SPEC_SESSION_KEYRING, .ready_fd = -1,
	};
	const struct ks_agent_delivery *delivery = NULL;
	struct ks_answerer self;
	char payload[64];

	parse(argc, argv, &options, &delivery);
	if (ks_answerer_self(&self, options.id))
		fail(1, "cannot read its own namespaces in /proc/self/ns: %s", strerror(errno));
	if (options.new_session && ks_session_new() < 0)
		fail(1, "cannot get a session keyring of its own: %s", strerror(errno));
	if (delivery->open(payload, sizeof(payload)))
		fail(1, "cannot prepare delivery %s: %s", delivery->name, strerror(errno));
	if (ks_add_key(KS_KEY_TYPE_AGENT, options.key_type, payload, strlen(payload), options.keyring) < 0)
		fail(1, "cannot register for keys of type %s: %s", options.key_type, strerror(errno));
	if (options.ready_fd >= 0)
		say_ready(options.ready_fd);
	delivery->serve(&options, &self);
	fail(1, "cannot serve any longer: %s", strerror(errno));
}
