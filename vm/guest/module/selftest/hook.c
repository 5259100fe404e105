// SPDX-License-Identifier: MIT
/* The hook: nobody switches it off behind the module's back, nobody shares it, and it comes and goes with the mode. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"

/* Else the hook would be silently inert, and requests would go to the helper. */
static void tracer_stays_on(void)
{
	static const char file[] = "/proc/sys/kernel/ftrace_enabled";
	const char *const modes[] = { "off", "session" };
	size_t i;

	for (i = 0; i < 2; i++) {
		int fd = open(file, O_WRONLY | O_CLOEXEC);

		set("mode", modes[i]);
		require(fd >= 0, "cannot open %s: %s", file, strerror(errno));
		require(write(fd, "0", 1) == -1 && errno == EBUSY, "in mode %s the tracer can be switched off", modes[i]);
		close(fd);
	}
}

/* A live patch, say, of the same function: whoever is second is refused, and the mode stays what it was. */
static void second_diverter_is_ebusy(void)
{
	long helpers;

	set("mode", "off");
	load_probe();
	require(!try_set(PROBE_MODULE, "divert", "1"), "the probe cannot divert a function that is nobody's");
	require(try_set("keystorm", "mode", "session") == EBUSY, "diverting what another diverts is not EBUSY");
	helpers = counter("helper_execs");
	require(ks_request_key("user", "selftest:diverted", "ks", KEY_SPEC_PROCESS_KEYRING) > 0 || errno == ENOKEY,
		"a request fails while another diverts: %s", strerror(errno));
	require(counter("helper_execs") == helpers + 1, "the kernel's own path was not taken");
	require(!try_set(PROBE_MODULE, "divert", "0") && !try_set("keystorm", "mode", "session"), "what the other has given back cannot be had");
	require(try_set(PROBE_MODULE, "divert", "1") == EBUSY, "another may divert what the module diverts");
	unload_probe();
}

static void modes_are_switched_under_load(void)
{
	static const char *const modes[] = { "session", "off", "userns", "intercept", "off", "null", "session" };
	enum { ROUNDS = 3, ASKERS = 2 };
	pid_t askers[ASKERS];
	size_t i;
	int round;

	for (i = 0; i < ASKERS; i++) {
		askers[i] = fork_tied();
		if (!askers[i])
			for (;;) {
				ks_request_key("user", "selftest:switch", "ks", KEY_SPEC_PROCESS_KEYRING);
				ks_keyring_clear(KEY_SPEC_PROCESS_KEYRING);
				sleep_ms(1);
			}
	}
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
			set("mode", modes[i]);
	for (i = 0; i < ASKERS; i++)
		leave(askers[i]);
	await_counter("in_flight", 0);
}

const struct behaviour hook_behaviours[] = {
	{ "tracer-stays-on", tracer_stays_on },
	{ "second-diverter-is-ebusy", second_diverter_is_ebusy },
	{ "modes-are-switched-under-load", modes_are_switched_under_load },
	{ NULL, NULL },
};
