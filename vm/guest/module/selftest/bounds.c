// SPDX-License-Identifier: MIT
/* How many registrations by ioctl there may be: of a container, and of an ordinary user of the host. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"
#include "identity.h"

static int device;

/* The errno of registering once more, 0 if that is granted: for a key type of its own, an agent told by signal. */
static int one_more(int number, uint32_t route, int user_namespace)
{
	struct ks_registration said = { .size = sizeof(said), .route = route };

	if (user_namespace >= 0) {
		said.nr_namespaces = 1;
		said.namespaces[0] = user_namespace;
	}
	snprintf(said.key_type, sizeof(said.key_type), "type-%d", number);
	snprintf(said.agent, sizeof(said.agent), "signal:%d", agent_signal());
	return ioctl(device, KS_IOC_REGISTER, &said) ? errno : 0;
}

static void fill(int room, uint32_t route, int user_namespace, const char *whose)
{
	for (int i = 0; i < room; i++) {
		int error = one_more(i, route, user_namespace);

		require(!error, "registration %d of %s: %s", i, whose, strerrorname_np(error));
	}
	require(one_more(room, route, user_namespace) == ENOSPC, "%s may have more than %d", whose, room);
}

static void fill_from_container(void)
{
	block_agent_signal();
	go_home();
	fill(KS_REGISTRATIONS_BELOW, KS_ROUTE_USERNS, -1, "a container");
	depth = 1;
	home = getpid();
	go_home();
	require(one_more(KS_REGISTRATIONS_BELOW, KS_ROUTE_USERNS, -1) == ENOSPC, "a container may have more from below");
}

/* A container cannot use up what there is for all, not with user namespaces of its own either. */
static void registrations_are_bounded(void)
{
	struct wish wish = { KS_ROUTE_USERNS, NULL, NULL, 0, 0, open_queue(), go_home };

	device = open_queue();
	home = stay(CLONE_NEWUSER);
	in_child(fill_from_container);
	home = stay(CLONE_NEWUSER);
	depth = 0;
	wish_granted(&wish); /* another container has its own */
}

/* Makes a user namespace and stays outside. A process that shares the table of descriptors opens it from within. */
static int own_user_namespace(void)
{
	int ready[2], namespace = -1;
	pid_t pid;

	require(!pipe2(ready, O_CLOEXEC), "pipe: %s", strerror(errno));
	pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	require(pid >= 0, "clone: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		enter_user_namespace();
		namespace = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
		require(write(ready[1], &namespace, sizeof(namespace)) == sizeof(namespace), "cannot say which it is");
		pause();
		_exit(0);
	}
	require(read(ready[0], &namespace, sizeof(namespace)) == sizeof(namespace) && namespace >= 0, "no user namespace: %s",
		strerror(errno));
	return namespace;
}

static void fill_from_outside(void)
{
	int namespace, another;

	become_ordinary();
	block_agent_signal();
	namespace = own_user_namespace();
	fill(KS_REGISTRATIONS_OF_USER, KS_ROUTE_INTERCEPT, namespace, "an ordinary user");
	another = own_user_namespace();
	require(one_more(0, KS_ROUTE_INTERCEPT, another) == ENOSPC, "an ordinary user may have more for another namespace");
}

/* Who makes a user namespace is capable in it from outside, and may make many. */
static void registrations_of_a_user_are_bounded(void)
{
	struct wish wish = { KS_ROUTE_INTERCEPT, NULL, NULL, 0, 0, open_queue(), NULL };

	device = open_queue();
	in_child(fill_from_outside);
	wish_granted(&wish); /* root's are not taken */
}

const struct behaviour bound_behaviours[] = {
	{ "registrations-are-bounded", registrations_are_bounded },
	{ "registrations-of-a-user-are-bounded", registrations_of_a_user_are_bounded },
	{ NULL, NULL },
};
