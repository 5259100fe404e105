// SPDX-License-Identifier: MIT
#include "name_question.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "keystorm_probe.h"
#include "mechanism.h"
#include "network.h"

#define PROBE_FILE "/keystorm/keystorm_probe.ko"
#define BUSYBOX "/bin/busybox"
#define KEY_TYPE "dns_resolver"
/* The kernel's cache, as /proc/keys lists it. */
#define CACHE "keyring   .dns_resolver"

/* A resolver's patience with a server, and then the mechanism's with whoever answers. */
#define ANSWER_MS (40000 * slowness() + (int)mechanism.timeout_ms)

/* Only root of the host may open it. */
static int probe = -1;

struct question {
	enum path path;
	ks_key_serial keyring;
	struct name_answer answer;
};

static void load_key_type(void)
{
	int status = -1;
	pid_t pid = fork_tied();

	if (!pid) {
		execl(BUSYBOX, "modprobe", KEY_TYPE, (char *)NULL);
		_exit(127);
	}
	require(waitpid(pid, &status, 0) == pid && !status, "cannot load the module " KEY_TYPE " (wait status %#x)",
		(unsigned int)status);
}

static void load_probe(void)
{
	int file = open(PROBE_FILE, O_RDONLY | O_CLOEXEC);

	require(file >= 0, "cannot open " PROBE_FILE ": %s", strerror(errno));
	require(!syscall(SYS_finit_module, file, "", 0) || errno == EEXIST,
		"cannot load " PROBE_FILE ": %s; the kernel log says more", strerror(errno));
	close(file);
}

void name_questions_prepare(void)
{
	load_key_type();
	load_probe();
	if (probe < 0)
		probe = open(KSP_DEVICE, O_RDWR | O_CLOEXEC);
	require(probe >= 0, "cannot open " KSP_DEVICE ": %s", strerror(errno));
}

int name_questions_probe(void)
{
	return probe;
}

static void ask_by_system_call(struct question *question)
{
	struct name_answer *answer = &question->answer;
	long size;

	answer->key = ks_request_key(KEY_TYPE, SERVED_NAME, "", question->keyring);
	if (answer->key < 0) {
		answer->error = errno;
		return;
	}
	size = ks_key_read(answer->key, answer->text, sizeof(answer->text) - 1);
	if (size < 0)
		answer->error = errno;
	else if (size < (long)sizeof(answer->text))
		answer->text[size] = '\0';
}

static void ask_in_kernel(struct question *question)
{
	struct ksp_request request = { .size = sizeof(request), .description = SERVED_NAME };

	if (ioctl(probe, KSP_IOC_DNS_QUERY, &request)) {
		question->answer.error = errno;
		return;
	}
	snprintf(question->answer.text, sizeof(question->answer.text), "%.*s", (int)request.payload_len, request.payload);
}

static void ask_and_tell(int channel, const void *argument)
{
	struct question question = *(const struct question *)argument;

	if (question.path == BY_SYSTEM_CALL)
		ask_by_system_call(&question);
	else
		ask_in_kernel(&question);
	require(write(channel, &question.answer, sizeof(question.answer)) == sizeof(question.answer),
		"cannot tell what came of a question");
}

struct name_answer name_ask(const struct place *place, enum path path, ks_key_serial keyring)
{
	struct question question = { .path = path, .keyring = keyring };
	struct task task = place_start(place, ask_and_tell, &question, sizeof(question));
	struct name_answer answer;

	require(task_tells(&task, &answer, sizeof(answer), ANSWER_MS), "a question for a name has not ended after %d ms",
		ANSWER_MS);
	task_end(&task);
	return answer;
}

static ks_key_serial cache_serial(void)
{
	FILE *keys = fopen("/proc/keys", "re");
	ks_key_serial serial = 0;
	char line[512];

	require(keys != NULL, "cannot open /proc/keys: %s", strerror(errno));
	while (!serial && fgets(line, sizeof(line), keys))
		if (strstr(line, CACHE))
			serial = (ks_key_serial)strtoul(line, NULL, 16);
	fclose(keys);
	require(serial != 0, "/proc/keys does not list the kernel's cache of names");
	return serial;
}

void name_cache_clear(void)
{
	require(!ks_keyring_clear(cache_serial()), "cannot empty the kernel's cache of names: %s", strerror(errno));
}
