// SPDX-License-Identifier: MIT
#include "crun.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "mechanism.h"
#include "order.h"

#define CRUN "/usr/bin/crun"
/* In a file system that ends with the container: nothing of it is left, however the check ends. */
#define FOLDER "/run/checked"
#define CONTROL_FD 3

/* What the runner's containers have (runner/bundle.c), in as few words; %u is the first id, the rest the words of the mechanism. */
static const char config[] =
	"{\"ociVersion\":\"1.0.2\",\"hostname\":\"checked\",\"root\":{\"path\":\"rootfs\",\"readonly\":true},"
	"\"process\":{\"terminal\":false,\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\",\"env\":[\"PATH=/keystorm\"],"
	"\"args\":[\"/keystorm/ks-check\",\"--route\",\"%s\",\"--delivery\",\"%s\",\"--fallback\",\"%s\",\"--timeout-ms\",\"%ld\",\"" CRUN_INIT_WORD
	"\"],\"capabilities\":{\"bounding\":[%s],\"effective\":[%s],\"permitted\":[%s]}},"
	"\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},"
	"{\"destination\":\"/dev\",\"type\":\"tmpfs\",\"source\":\"tmpfs\",\"options\":[\"nosuid\",\"mode=755\",\"size=64k\"]},"
	"{\"destination\":\"/dev/keystorm\",\"type\":\"bind\",\"source\":\"/dev/keystorm\",\"options\":[\"bind\",\"nosuid\",\"noexec\"]},"
	"{\"destination\":\"/keystorm\",\"type\":\"bind\",\"source\":\"/keystorm\",\"options\":[\"bind\",\"ro\"]}],"
	"\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"mount\"},"
	"{\"type\":\"user\"},{\"type\":\"cgroup\"}],"
	"\"uidMappings\":[{\"containerID\":0,\"hostID\":%u,\"size\":65536}],"
	"\"gidMappings\":[{\"containerID\":0,\"hostID\":%u,\"size\":65536}]}}\n";

/* What an engine gives root of a container, and what registering takes. */
static const char capabilities[] =
	"\"CAP_CHOWN\",\"CAP_DAC_OVERRIDE\",\"CAP_FOWNER\",\"CAP_KILL\",\"CAP_SETGID\",\"CAP_SETUID\",\"CAP_SETPCAP\",\"CAP_SYS_PTRACE\",\"CAP_SYS_ADMIN\"";

static void make_private_run(void)
{
	require(!unshare(CLONE_NEWNS) && !mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
			!mount("tmpfs", "/run", "tmpfs", 0, "mode=755"),
		"cannot have a /run of its own for crun: %s", strerror(errno));
}

static void write_bundle(uid_t first_id)
{
	static const char *const folders[] = { FOLDER, FOLDER "/rootfs", FOLDER "/rootfs/proc", FOLDER "/rootfs/dev",
					       FOLDER "/rootfs/keystorm" };
	static const char path[] = FOLDER "/config.json";
	FILE *file;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		require(!mkdir(folders[i], 0755), "cannot make %s: %s", folders[i], strerror(errno));
	file = fopen(path, "we");
	require(file, "cannot write %s: %s", path, strerror(errno));
	fprintf(file, config, route_words[mechanism.route], delivery_words[mechanism.delivery], mechanism.refuse ? "refuse" : "stock",
		mechanism.timeout_ms, capabilities, capabilities, capabilities, first_id, first_id);
	require(!fclose(file), "cannot write %s: %s", path, strerror(errno));
}

__attribute__((noreturn)) static void execute(int control)
{
	int empty[2];

	/* crun gives its standard streams to the container's root: not /dev/null, and not what the check says. */
	require(!pipe(empty) && dup2(empty[0], STDIN_FILENO) == STDIN_FILENO && dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO &&
			dup2(control, CONTROL_FD) == CONTROL_FD,
		"descriptors for crun: %s", strerror(errno));
	close_range(CONTROL_FD + 1, ~0U, 0);
	execl(CRUN, "crun", "--root", FOLDER "/state", "--cgroup-manager", "disabled", "run", "--bundle", FOLDER, "--preserve-fds",
	      "1", "checked", (char *)NULL);
	fail("cannot execute " CRUN ": %s", strerror(errno));
}

struct place crun_place(uid_t first_id)
{
	struct place place;
	int other;

	place.control = place_channel(SOCK_SEQPACKET, &other);
	place.founder = fork_tied();
	if (!place.founder) {
		make_private_run();
		write_bundle(first_id);
		execute(other);
	}
	close(other);
	place.init = order_hear_pid(place.control);
	return place;
}

void crun_init(void)
{
	place_serve(CONTROL_FD);
}
