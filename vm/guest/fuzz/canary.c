// SPDX-License-Identifier: MIT
/*
 * The canary: a container of its own with an agent on each route. Whatever the fuzzed do, for which they have no right to
 * it, its requests are answered by its agent.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

#define NR_ROUTES 3
#define SONG_MS (10000 * slowness())
#define SONG_MAX 32

static const char *const routes[NR_ROUTES] = { "session", "userns", "intercept" };

struct song {
	int error;
	long size;
	char payload[SONG_MAX];
};

static pid_t cage;
static int to_cage = -1;

/* All kinds but pid: no filter of a stranger's can be more selective, since it would have to name one of these. */
static void leave_all(void)
{
	require(!unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP),
		"unshare: %s", strerror(errno));
	require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
}

static void register_on(int route, int queue)
{
	static const char *const kinds[] = { "user", "net", "mnt", "uts", "ipc", "cgroup" };
	struct ks_registration registration = { .size = sizeof(registration), .key_type = "user" };

	snprintf(registration.agent, sizeof(registration.agent), "fd-write:%d", queue);
	if (!route) {
		register_agent("fd-write:%d", queue);
		return;
	}
	registration.route = route == 1 ? KS_ROUTE_USERNS : KS_ROUTE_INTERCEPT;
	for (size_t i = 0; route == 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[32];

		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		registration.namespaces[registration.nr_namespaces++] = open(path, O_RDONLY | O_CLOEXEC);
	}
	require(!ioctl(queue, KS_IOC_REGISTER, &registration), "the canary cannot register on route %s: %s", routes[route],
		strerror(errno));
}

static void serve(const int *queues)
{
	struct pollfd ready[NR_ROUTES];
	struct message message;
	char song[SONG_MAX];

	for (int i = 0; i < NR_ROUTES; i++)
		ready[i] = (struct pollfd){ queues[i], POLLIN, 0 };
	while (poll(ready, NR_ROUTES, -1) > 0)
		for (int i = 0; i < NR_ROUTES; i++) {
			if (!(ready[i].revents & POLLIN))
				continue;
			take(queues[i], &message);
			snprintf(song, sizeof(song), "canary %s", routes[i]);
			answer_text(queues[i], message.request.serial, song);
		}
}

static void sing(int route, struct song *song)
{
	static int number;
	char description[48];
	ks_key_serial key;

	snprintf(description, sizeof(description), "canary:%s:%d", routes[route], number++);
	key = ks_request_key("user", description, "x", KEY_SPEC_PROCESS_KEYRING);
	*song = (struct song){ .error = key < 0 ? errno : 0 };
	if (key > 0)
		song->size = ks_key_read(key, song->payload, sizeof(song->payload));
}

static void live(int from)
{
	int queues[NR_ROUTES];
	struct song song;
	char route;

	leave_all();
	for (int i = 0; i < NR_ROUTES; i++) {
		queues[i] = open_queue();
		register_on(i, queues[i]);
	}
	if (!fork_tied()) {
		close(from);
		serve(queues);
		_exit(1);
	}
	for (int i = 0; i < NR_ROUTES; i++)
		close(queues[i]);
	require(write(from, "r", 1) == 1, "the canary cannot say ready");
	while (read(from, &route, 1) == 1) {
		sing(route, &song);
		if (write(from, &song, sizeof(song)) != sizeof(song))
			break;
	}
	_exit(0);
}

pid_t canary_start(void)
{
	int ends[2];
	char ready;

	require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair: %s", strerror(errno));
	cage = fork_tied();
	if (!cage) {
		setpgid(0, 0);
		close(ends[0]);
		live(ends[1]);
	}
	close(ends[1]);
	to_cage = ends[0];
	require(read(to_cage, &ready, 1) == 1, "the canary did not start");
	return cage;
}

void canary_sings(const char *who)
{
	set("timeout_ms", "20000");
	for (char route = 0; route < NR_ROUTES; route++) {
		struct pollfd sung = { to_cage, POLLIN, 0 };
		char expected[SONG_MAX];
		struct song song;

		set("mode", routes[(int)route]);
		require(write(to_cage, &route, 1) == 1, "nobody is left to ask for the canary");
		if (poll(&sung, 1, (int)SONG_MS) != 1)
			violated("after %s, a request of the canary's on route %s does not end", who, routes[(int)route]);
		require(read(to_cage, &song, sizeof(song)) == sizeof(song), "nobody is left to ask for the canary");
		snprintf(expected, sizeof(expected), "canary %s", routes[(int)route]);
		if (song.error || song.size != (long)strlen(expected) || memcmp(song.payload, expected, strlen(expected)))
			violated("after %s, a request of the canary's on route %s got %s instead of its agent's answer", who,
				 routes[(int)route], song.error ? strerrorname_np(song.error) : "another payload");
	}
}

void canary_end(void)
{
	close(to_cage);
	kill(-cage, SIGKILL);
	wait_killed(cage);
}
