// SPDX-License-Identifier: MIT
/*
 * borrowed-credentials: a part of the kernel asks for a key in a container's task, with its own credentials or with borrowed ones, as
 * dns_resolver, cifs.spnego and id_resolver do. Whose request it is shows in the task's own credentials; but an answer lands where the
 * borrowed ones keep it, so that the container's agent is not the one to give it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "agent.h"
#include "all.h"
#include "keystorm_probe.h"
#include "mechanism.h"
#include "name_question.h"
#include "question.h"
#include "verdict.h"

static void ask_in_kernel(int channel, const void *argument)
{
	const __u32 *flags = argument;
	struct ksp_request request = { .size = sizeof(request), .flags = *flags, .type = "user", .callout = "ks" };
	struct reply reply = { 0 };
	int64_t start = now_ms();

	/* Never asked for before: the borrowed credentials have a keyring, and what another check was answered is in it. */
	snprintf(request.description, sizeof(request.description), "ks:check:in-kernel:%u:%lld", *flags, (long long)start);
	reply.error = ioctl(name_questions_probe(), KSP_IOC_REQUEST, &request) ? errno : 0;
	reply.ms = now_ms() - start;
	reply.key = request.serial;
	reply.size = request.payload_len;
	if (!reply.error && request.payload_len < sizeof(reply.payload))
		memcpy(reply.payload, request.payload, request.payload_len);
	require(write(channel, &reply, sizeof(reply)) == sizeof(reply), "cannot tell what came of a request");
}

/* What came of one request. */
struct outcome_of_asking {
	bool answered;	/* by the agent */
	bool refused;	/* the agent was found, and not asked */
	long helpers;
	struct reply reply;
};

static struct outcome_of_asking ask_probe(const struct place *container, const struct agent *agent, __u32 flags)
{
	long helpers = counter("helper_execs"), ineligible = counter("ineligible");
	struct task task = place_start(container, ask_in_kernel, &flags, sizeof(flags));
	struct outcome_of_asking came = { .reply = reply_within(&task, 2 * PATIENCE_MS) };

	came.helpers = counter("helper_execs") - helpers;
	came.answered = reply_is_of(&came.reply, agent);
	came.refused = !came.helpers && came.reply.error && counter("ineligible") == ineligible + 1;
	return came;
}

static const char *words_for(const struct outcome_of_asking *came)
{
	if (came->answered)
		return "answered by the container's agent";
	return came->refused ? "the container's agent was found, and passed over" : "the container's agent was not found";
}

void check_borrowed_credentials(void)
{
	static const char *const properties[] = { "in-kernel-request-routed", "real-requester-routed", "borrowed-credentials-guarded" };
	struct outcome_of_asking own, borrowed;
	struct place container;
	struct agent agent;

	if (!has_agents()) {
		for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
			not_applicable(properties[i], "this mechanism asks no agent, whoever the requester is");
		return;
	}
	name_questions_prepare();
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	agent = agent_start(&container, &(struct agent_wish){ 0 });
	own = ask_probe(&container, &agent, 0);
	borrowed = ask_probe(&container, &agent, KSP_BORROWED);
	decide(own.answered, properties[0],
	       "asked in the kernel under the task's credentials, in a task of the container: %s; %s; the host's helper was executed %ld times",
	       words_for(&own), reply_text(&own.reply), own.helpers);
	decide(borrowed.answered || borrowed.refused, properties[1],
	       "asked in the kernel under the kernel's credentials, in a task of the container: %s; %s; the host's helper was executed %ld times",
	       words_for(&borrowed), reply_text(&borrowed.reply), borrowed.helpers);
	decide(!borrowed.answered, properties[2],
	       "asked in the kernel under the kernel's credentials, whose keyrings all of the kernel uses: %s; %s", words_for(&borrowed),
	       reply_text(&borrowed.reply));
}
