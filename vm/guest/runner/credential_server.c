// SPDX-License-Identifier: MIT
/*
 * A process of its own would be one more that has to be waited for: the runner answers itself, from sockets that it has made in
 * that namespace. What is lost is lost by a filter of the kernel on the server's socket, by lot.
 */
#include "credential_server.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/credential.h"
#include "../common/slowness.h"
#include "events.h"
#include "failure.h"

#define PROBES 20
/* For each of them. */
#define PROBE_MS (1000 * slowness())

static int loopback_up(int any)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	return ioctl(any, SIOCSIFFLAGS, &request);
}

/* In the namespace that this process is in now. */
static int open_sockets(struct credential_server *server)
{
	struct sockaddr_in address = ks_credential_address();

	server->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	server->probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->socket < 0 || server->probe < 0 || loopback_up(server->socket) ||
	    bind(server->socket, (struct sockaddr *)&address, sizeof(address)) ||
	    connect(server->probe, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return 0;
}

/* There and back again. 0, or -1 with errno. */
static int open_inside(struct credential_server *server, pid_t pid)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there, result = -1, error;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (home >= 0 && there >= 0 && !setns(there, CLONE_NEWNET)) {
		result = open_sockets(server);
		error = errno;
		if (setns(home, CLONE_NEWNET))
			result = fail("fault", "cannot leave a container's network namespace again: %s", strerror(errno));
		errno = error;
	}
	close(home);
	close(there);
	return result;
}

static void answer(void *arg)
{
	const struct credential_server *server = arg;
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint32_t number;

	while (recvfrom(server->socket, &number, sizeof(number), 0, (struct sockaddr *)&from, &size) == sizeof(number))
		sendto(server->socket, &number, sizeof(number), 0, (struct sockaddr *)&from, size);
}

int credential_server_start(struct credential_server *server, pid_t pid)
{
	*server = (struct credential_server){ -1, -1 };
	if (open_inside(server, pid)) {
		fail("fault", "cannot start a server in the network namespace of process %d: %s", pid, strerror(errno));
		credential_server_stop(server);
		return -1;
	}
	return events_watch(server->socket, answer, server);
}

int credential_server_lose(struct credential_server *server, uint32_t percent)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)(UINT64_C(0xffffffff) * percent / 100), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	int none = 0;

	if (percent > 0)
		return setsockopt(server->socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	return setsockopt(server->socket, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) && errno != ENOENT ? -1 : 0;
}

uint32_t credential_server_lost(const struct credential_server *server)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(info);

	getsockopt(server->socket, SOL_SOCKET, SO_MEMINFO, info, &size);
	return info[SK_MEMINFO_DROPS];
}

/* lo delivers before the call that sends has returned, but where the kernel leaves that to a thread of its own, as one that is busy does. */
static bool arrives(const struct credential_server *server, uint32_t *number)
{
	struct pollfd come = { .fd = server->socket, .events = POLLIN };

	return poll(&come, 1, PROBE_MS) > 0 && recv(server->socket, number, sizeof(*number), 0) == sizeof(*number);
}

bool credential_server_is_reached(const struct credential_server *server)
{
	uint32_t number = 0;

	/* What is still there is another's. */
	while (recv(server->socket, &number, sizeof(number), 0) >= 0)
		;
	for (uint32_t i = 0; i < PROBES; i++)
		if (send(server->probe, &i, sizeof(i), 0) != sizeof(i) || !arrives(server, &number))
			return false;
	return true;
}

void credential_server_stop(struct credential_server *server)
{
	if (server->socket >= 0) {
		events_forget(server->socket);
		close(server->socket);
	}
	if (server->probe >= 0)
		close(server->probe);
	*server = (struct credential_server){ -1, -1 };
}
