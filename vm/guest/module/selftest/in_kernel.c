// SPDX-License-Identifier: MIT
/* Requests that only the kernel itself can make, by the probe module. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "keystorm_probe.h"

#define PROBE_FILE "/keystorm/keystorm_probe.ko"

void load_probe(void)
{
	int fd = open(PROBE_FILE, O_RDONLY | O_CLOEXEC);

	/* It calls that module's dns_query(). */
	load_dns_resolver();
	require(fd >= 0 && !syscall(SYS_finit_module, fd, "", 0), "cannot load %s: %s", PROBE_FILE, strerror(errno));
	close(fd);
}

void unload_probe(void)
{
	require(!syscall(SYS_delete_module, PROBE_MODULE, O_NONBLOCK), "cannot unload " PROBE_MODULE ": %s", strerror(errno));
}

/* Else it would stay at the head of the queue until its time is up, and everybody behind it would wait. */
static void overlong_request_is_emsgsize(void)
{
	struct ksp_request request = { .size = sizeof(request), .flags = KSP_LONG_CALLOUT, .type = "user" };
	int queue = open_queue(), probe;
	struct message message;
	struct asker asker;

	register_agent("fd-write:%d", queue);
	load_probe();
	probe = open(KSP_DEVICE, O_RDWR | O_CLOEXEC);
	require(probe >= 0, "cannot open " KSP_DEVICE ": %s", strerror(errno));
	snprintf(request.description, sizeof(request.description), "selftest:overlong");
	require(ioctl(probe, KSP_IOC_REQUEST, &request) == -1 && errno == EMSGSIZE, "a request that no reader has room for: %s",
		strerror(errno));
	require(nothing_to_take(queue), "it is in the queue");
	asker = ask("selftest:behind-it");
	take(queue, &message);
	require(!answer_text(queue, message.request.serial, "served"), "the answer was refused");
	require_payload(&asker, "served");
	close(probe);
	unload_probe();
}

const struct behaviour in_kernel_behaviours[] = {
	{ "overlong-request-is-emsgsize", overlong_request_is_emsgsize },
	{ NULL, NULL },
};
