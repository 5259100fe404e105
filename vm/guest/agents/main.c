// SPDX-License-Identifier: MIT
/*
 * ks-agent: answers key requests.
 *
 * ks-agent --id N --delivery signal|fd-keyctl|fd-write --payload-bytes A[,B…]
 *	    [--route session|session-rfc|userns|intercept] [--filter user,net,…] [--type user|any|…]
 *	    [--new-session] [--keyring session|process|user|SERIAL] [--stages] [--stages-fd N] [--dose-fd N]
 *	    [--ready-fd N]
 *
 * Route session (the default) adds a "keyagent" key to its session keyring, or to the one named; userns registers on its own
 * user namespace; intercept for a filter of the kinds of namespaces named, of its own. Where an agent that has crashed was
 * registered, it takes its place. Then it says "ready" on the given descriptor, and serves until it is killed.
 * Exit status: 2 wrong arguments, 1 anything else, with one sentence on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "dose.h"
#include "options.h"

/* Not for programs that this agent may execute. */
static const struct ks_stage_switch *map_stages(int fd)
{
	void *memory = mmap(NULL, sizeof(struct ks_stage_switch), PROT_READ, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		ks_agent_fail(1, "cannot map the stage switch, descriptor %d: %s", fd, strerror(errno));
	close(fd);
	return memory;
}

static const struct ks_stage_switch *stages_of(const struct ks_agent_options *options)
{
	static const struct ks_stage_switch on = { .on = 1 };

	if (options->stages)
		return &on;
	return options->stages_fd >= 0 ? map_stages(options->stages_fd) : NULL;
}

static void say_ready(int fd)
{
	static const char ready[] = "ready\n";

	if (write(fd, ready, sizeof(ready) - 1) != (ssize_t)sizeof(ready) - 1)
		ks_agent_fail(1, "cannot say ready on descriptor %d: %s", fd, strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	struct ks_agent_options options;
	struct ks_agent agent = { .options = &options };
	char text[KS_AGENT_TEXT_MAX];

	ks_agent_parse(argc, argv, &options);
	if (ks_answerer_self(&agent.self, options.id))
		ks_agent_fail(1, "cannot read its own namespaces in /proc/self/ns: %s", strerror(errno));
	if (options.new_session && ks_session_new() < 0)
		ks_agent_fail(1, "cannot get a session keyring of its own: %s", strerror(errno));
	agent.stages = stages_of(&options);
	agent.dose = ks_dose_map(options.dose_fd);
	if (!agent.dose)
		ks_agent_fail(1, "cannot map the dose, descriptor %d: %s", options.dose_fd, strerror(errno));
	if (options.delivery->open(text))
		ks_agent_fail(1, "cannot prepare delivery %s: %s", options.delivery->name, strerror(errno));
	if (options.route->enlist(&options, text))
		ks_agent_fail(1, "cannot register with route %s for keys of type %s: %s", options.route->name, options.key_type,
			      strerror(errno));
	if (options.ready_fd >= 0)
		say_ready(options.ready_fd);
	ks_agent_serve(&agent);
	ks_agent_fail(1, "cannot serve any longer: %s", strerror(errno));
}
