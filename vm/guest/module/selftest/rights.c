// SPDX-License-Identifier: MIT
/* What the ioctl takes, and from whom. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "behaviours.h"
#include "harness.h"
#include "homes.h"
#include "identity.h"

static int device, queue;

/* One that is granted, to be spoilt in one place. */
static struct ks_registration sound(void)
{
	struct ks_registration said = { .size = sizeof(said), .route = KS_ROUTE_INTERCEPT };

	snprintf(said.agent, sizeof(said.agent), "fd-write:%d", queue);
	return said;
}

static void require_errno(struct ks_registration said, int error, const char *what)
{
	int ret = ioctl(device, KS_IOC_REGISTER, &said);

	require(ret == -1 && errno == error, "%s: %s, %s expected", what, ret ? strerrorname_np(errno) : "granted",
		strerrorname_np(error));
}

#define REFUSED(spoil, error)                                   \
	do {                                                    \
		struct ks_registration said = sound();          \
		spoil;                                          \
		require_errno(said, error, #spoil);             \
	} while (0)

static void malformed_ioctls_are_refused(void)
{
	long there = counter("registrations");
	struct ks_registration said;
	int user, uts, null, time;

	device = open_queue();
	queue = open_queue();
	user = open_namespace(getpid(), "user");
	uts = open_namespace(getpid(), "uts");
	time = open_namespace(getpid(), "time");
	null = open("/dev/null", O_RDONLY);
	REFUSED(said.size = 0, EINVAL);
	REFUSED(said.size--, EINVAL);
	REFUSED(said.size++, EINVAL);
	REFUSED(said.route = 0, EINVAL);
	REFUSED(said.route = 3, EINVAL);
	REFUSED(said.flags = 2, EINVAL);
	REFUSED(said.flags = ~0u, EINVAL);
	REFUSED(said.nr_namespaces = 8, EINVAL);
	REFUSED(said.nr_namespaces = ~0u, EINVAL);
	REFUSED(said.namespaces[0] = user, EINVAL);
	REFUSED(said.namespaces[7] = 1, EINVAL);
	REFUSED((said.nr_namespaces = 1, said.namespaces[0] = -1), EBADF);
	REFUSED((said.nr_namespaces = 1, said.namespaces[0] = 777), EBADF);
	REFUSED((said.nr_namespaces = 1, said.namespaces[0] = null), EINVAL);
	REFUSED((said.nr_namespaces = 1, said.namespaces[0] = time), EINVAL);
	REFUSED((said.nr_namespaces = 2, said.namespaces[0] = said.namespaces[1] = user), EINVAL);
	REFUSED((said.route = KS_ROUTE_USERNS, said.nr_namespaces = 1, said.namespaces[0] = uts), EINVAL);
	REFUSED((said.route = KS_ROUTE_USERNS, said.nr_namespaces = 2, said.namespaces[0] = user, said.namespaces[1] = uts),
		EINVAL);
	REFUSED(memset(said.key_type, 'x', sizeof(said.key_type)), EINVAL);
	REFUSED(said.key_type[20] = 'x', EINVAL);
	REFUSED(strcpy(said.key_type, "a type"), EINVAL);
	REFUSED(strcpy(said.key_type, "keyring"), EOPNOTSUPP);
	REFUSED(strcpy(said.key_type, "keyagent"), EOPNOTSUPP);
	REFUSED(strcpy(said.key_type, ".request_key_auth"), EOPNOTSUPP);
	REFUSED(said.agent[0] = '\0', EINVAL);
	REFUSED(said.agent[39] = 'x', EINVAL);
	REFUSED(memset(said.agent, '1', sizeof(said.agent)), EINVAL);
	REFUSED(strcpy(said.agent, "carrier-pigeon:1"), EINVAL);
	REFUSED(strcpy(said.agent, "fd-write:777"), EBADF);
	REFUSED(snprintf(said.agent, sizeof(said.agent), "fd-write:%d", null), EINVAL);
	REFUSED(strcpy(said.agent, "signal:9"), EINVAL);
	REFUSED(said.flags = KS_REATTACH, ENOENT);
	said = sound();
	require(ioctl(device, KS_IOC_WITHDRAW, &said) == -1 && errno == EINVAL, "withdrawing takes an agent");
	require(ioctl(device, KS_IOC_REGISTER, (void *)16) == -1 && errno == EFAULT, "a bad address is no EFAULT");
	require(ioctl(device, _IO('k', 0xEF), 0) == -1 && errno == ENOTTY, "an unknown command is no ENOTTY");
	require(counter("registrations") == there, "something was registered");
}

static void equal_registrations_exist_once(void)
{
	struct wish first = { KS_ROUTE_INTERCEPT, "user", net_only, getpid(), 0, open_queue(), NULL };
	struct wish second = first;

	set("mode", "intercept");
	second.queue = open_queue();
	wish_granted(&first);
	wish_refused(&second, EEXIST);
	close(first.queue);
	wish_refused(&second, EEXIST); /* dead, and still there */
	second.key_type = NULL;
	wish_granted(&second); /* for any type is another one */
	require(!try_wish(KS_IOC_WITHDRAW, &first), "a dead one could not be withdrawn");
	require(try_wish(KS_IOC_WITHDRAW, &first) == ENOENT, "what is not there could be withdrawn");
}

static void registrar_reattaches_by_ioctl(void)
{
	pid_t container = stay(CLONE_NEWUSER);
	struct wish wish = { KS_ROUTE_USERNS, NULL, user_only, container, 0, open_queue(), NULL };
	struct message message;
	struct asker asker;

	set("mode", "userns");
	wish_granted(&wish);
	home = container;
	depth = 0;
	asker = ask_as("selftest:before", go_home);
	take(wish.queue, &message);
	wish_refused(&wish, EBUSY); /* the queue, before the registration is looked at */
	wish.flags = KS_REATTACH;
	wish.queue = open_queue();
	wish_granted(&wish);
	require_error(&asker, ENOKEY, PROMPT_MS); /* the backlog is never served twice */
	require_answer_of(wish.queue, container, 0, "selftest:after");
	close(wish.queue);
	wish.queue = open_queue();
	wish_granted(&wish); /* behind a dead one */
	require_answer_of(wish.queue, container, 0, "selftest:after-death");
}

/* Root of the container's user namespace, but not who registered. */
static void go_home_as_another(void)
{
	go_home();
	require(!syscall(SYS_setresuid, -1, ORDINARY_UID, -1), "setresuid: %s", strerror(errno));
}

/* Capable, as another user: setting the effective uid away from 0 takes the effective capabilities, which come back. */
static void go_home_as_a_capable_other(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	go_home_as_another();
	require(!syscall(SYS_capget, &header, data), "capget: %s", strerror(errno));
	data[0].effective = data[0].permitted;
	data[1].effective = data[1].permitted;
	require(!syscall(SYS_capset, &header, data), "capset: %s", strerror(errno));
}

static void others_do_not_take_over(void)
{
	pid_t container = stay(CLONE_NEWUSER);
	struct wish own = { KS_ROUTE_USERNS, NULL, user_only, container, 0, open_queue(), go_home };
	struct wish other = own;

	set("mode", "userns");
	home = container;
	wish_granted(&own);
	close(own.queue);
	other.flags = KS_REATTACH;
	other.queue = open_queue();
	other.become = NULL; /* root of the host */
	wish_refused(&other, EACCES);
	other.become = go_home_as_a_capable_other;
	wish_refused(&other, EACCES);
	require(try_wish(KS_IOC_WITHDRAW, &(struct wish){ KS_ROUTE_USERNS, NULL, user_only, container, 0, 0, NULL }) == EACCES,
		"root of the host could withdraw what is not its own");
	other.become = go_home_as_another; /* without capabilities */
	wish_refused(&other, EPERM);
	require_refusal(container, "selftest:taken-over", ENOKEY);
	require(nothing_to_take(other.queue), "somebody else's agent was asked");
}

static void unprivileged_users_do_not_register(void)
{
	struct wish wish = { KS_ROUTE_USERNS, NULL, NULL, 0, 0, open_queue(), become_ordinary };

	wish_refused(&wish, EPERM); /* on the user namespace it is in */
	wish.route = KS_ROUTE_INTERCEPT;
	wish_refused(&wish, EPERM); /* for everybody */
	wish.become = become_powerless;
	wish_refused(&wish, EPERM);
	wish.route = KS_ROUTE_USERNS;
	wish_refused(&wish, EPERM);
}

/* Root of a container, who can name what it can open. */
static int theirs_user, theirs_net, hosts_user, hosts_net, parents_user;

static void require_no_right(uint32_t route, int namespace, const char *whose)
{
	struct ks_registration said = sound();

	said.route = route;
	said.nr_namespaces = 1;
	said.namespaces[0] = namespace;
	require_errno(said, EPERM, whose);
}

static void attack_from_home(void)
{
	struct ks_registration said;

	go_home();
	require_no_right(KS_ROUTE_USERNS, hosts_user, "the host's user namespace");
	require_no_right(KS_ROUTE_USERNS, theirs_user, "a sibling's user namespace");
	require_no_right(KS_ROUTE_USERNS, parents_user, "the parent's user namespace");
	require_no_right(KS_ROUTE_INTERCEPT, hosts_net, "the host's network");
	require_no_right(KS_ROUTE_INTERCEPT, theirs_net, "a sibling's network");
	require_no_right(KS_ROUTE_INTERCEPT, theirs_user, "a sibling's user namespace");
	require_errno(sound(), EPERM, "everybody");
	/* What is one's own does not make up for what is not. */
	said = sound();
	said.nr_namespaces = 2;
	said.namespaces[0] = open_namespace(getpid(), "user");
	said.namespaces[1] = theirs_net;
	require_errno(said, EPERM, "a sibling's network beside one's own user namespace");
}

static void containers_register_for_themselves_only(void)
{
	pid_t theirs = stay(CLONE_NEWUSER | CLONE_NEWNET), parent = stay(CLONE_NEWUSER);
	long there = counter("registrations");

	device = open_queue();
	queue = open_queue();
	theirs_user = open_namespace(theirs, "user");
	theirs_net = open_namespace(theirs, "net");
	hosts_user = open_namespace(getpid(), "user");
	hosts_net = open_namespace(getpid(), "net");
	parents_user = open_namespace(parent, "user");
	home = parent;
	depth = 1;
	in_child(attack_from_home);
	require(counter("registrations") == there, "something was registered");
}

const struct behaviour right_behaviours[] = {
	{ "malformed-ioctls-are-refused", malformed_ioctls_are_refused },
	{ "equal-registrations-exist-once", equal_registrations_exist_once },
	{ "registrar-reattaches-by-ioctl", registrar_reattaches_by_ioctl },
	{ "others-do-not-take-over", others_do_not_take_over },
	{ "unprivileged-users-do-not-register", unprivileged_users_do_not_register },
	{ "containers-register-for-themselves-only", containers_register_for_themselves_only },
	{ NULL, NULL },
};
