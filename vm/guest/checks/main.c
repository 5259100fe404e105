// SPDX-License-Identifier: MIT
/*
 * ks-check: tries what a mechanism guards, and says what the kernel did (docs/guest-protocol.md). It runs as root in the
 * init namespaces of a guest whose module is configured already.
 *
 * ks-check NAME --route R --delivery D --fallback stock|refuse --timeout-ms N
 * ks-check --list
 *
 * Exit codes: 0 it could decide, 2 wrong arguments, 1 anything else, with a sentence on standard error.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/hanging_helper.h"
#include "../module/selftest/harness.h"
#include "crun.h"
#include "mechanism.h"
#include "stand_in.h"
#include "table.h"

#define USAGE "ks-check NAME --route R --delivery D --fallback stock|refuse --timeout-ms N"

static const char *const fallback_words[] = { "stock", "refuse", NULL };

__attribute__((noreturn)) static void refuse(const char *sentence, const char *word)
{
	fprintf(stderr, "ks-check: %s%s%s; write: %s\n", sentence, word ? " " : "", word ? word : "", USAGE);
	exit(2);
}

static int choice(const char *word, const char *const *list)
{
	for (int i = 0; list[i]; i++)
		if (!strcmp(word, list[i]))
			return i;
	refuse("there is no", word);
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "route", required_argument, NULL, 'r' },
		{ "delivery", required_argument, NULL, 'd' },
		{ "fallback", required_argument, NULL, 'f' },
		{ "timeout-ms", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	bool given[4] = { false };
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		switch (option) {
		case 'r':
			mechanism.route = (enum route)choice(optarg, route_words);
			given[0] = true;
			break;
		case 'd':
			mechanism.delivery = (enum delivery)choice(optarg, delivery_words);
			given[1] = true;
			break;
		case 'f':
			mechanism.refuse = choice(optarg, fallback_words) == 1;
			given[2] = true;
			break;
		case 't':
			mechanism.timeout_ms = strtol(optarg, NULL, 10);
			given[3] = mechanism.timeout_ms > 0;
			break;
		default:
			exit(2);
		}
	}
	if (!given[0] || !given[1] || !given[2] || !given[3] || optind != argc - 1)
		refuse("something is missing", NULL);
}

int main(int argc, char **argv)
{
	if (hanging_helper_is(argv[0]))
		stand_in_run(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		for (const struct check *check = checks; check->name; check++)
			puts(check->name);
		return 0;
	}
	parse(argc, argv);
	if (!strcmp(argv[optind], CRUN_INIT_WORD))
		crun_init();
	for (const struct check *check = checks; check->name; check++) {
		if (strcmp(check->name, argv[optind]))
			continue;
		require(ks_session_new() > 0, "cannot get a session keyring of its own: %s", strerror(errno));
		check->run();
		return 0;
	}
	refuse("there is no check", argv[optind]);
}
