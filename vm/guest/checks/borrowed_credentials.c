// SPDX-License-Identifier: MIT
/*
 * borrowed-credentials: a part of the kernel asks for a key in a container's task, with its own credentials or with borrowed ones, as
 * dns_resolver, cifs.spnego and id_resolver do. Whose request it is shows in the task's own credentials.
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

static void try_asking(const struct place *container, const struct agent *agent, __u32 flags, const char *property)
{
	long helpers = counter("helper_execs"), ineligible = counter("ineligible");
	struct task task = place_start(container, ask_in_kernel, &flags, sizeof(flags));
	struct reply reply = reply_within(&task, 2 * PATIENCE_MS);
	const char *how = flags & KSP_BORROWED ? "under the kernel's credentials" : "under the task's credentials";

	helpers = counter("helper_execs") - helpers;
	if (reply_is_of(&reply, agent))
		held(property, "asked in the kernel %s, in a task of the container: answered by the container's agent", how);
	else if (helpers == 0 && reply.error && counter("ineligible") == ineligible + 1)
		held(property,
		     "asked in the kernel %s, in a task of the container: its agent was found, and refused, since with delivery %s it would "
		     "reach the keyrings of those credentials: %s",
		     how, delivery_words[mechanism.delivery], reply_text(&reply));
	else
		violated(property, "asked in the kernel %s, in a task of the container: %s; the host's helper was executed %ld times", how,
			 reply_text(&reply), helpers);
}

void check_borrowed_credentials(void)
{
	struct place container;
	struct agent agent;

	if (!has_agents()) {
		not_applicable("in-kernel-request-routed", "this mechanism asks no agent, whoever the requester is");
		not_applicable("real-requester-routed", "this mechanism asks no agent, whoever the requester is");
		return;
	}
	name_questions_prepare();
	container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	agent = agent_start(&container, &(struct agent_wish){ 0 });
	try_asking(&container, &agent, 0, "in-kernel-request-routed");
	try_asking(&container, &agent, KSP_BORROWED, "real-requester-routed");
}
