// SPDX-License-Identifier: MIT
#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/resolver_paths.h"
#include "../module/selftest/harness.h"

#define PROGRAM "/usr/sbin/dnsmasq"
/* Executing a big program, on a host with other things to do; what is wrong with it, it says at once and ends. */
#define START_MS 60000

struct record {
	char option[64];
};

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	require(any >= 0 && !ioctl(any, SIOCSIFFLAGS, &request), "cannot bring lo up: %s", strerror(errno));
	close(any);
}

/* In the place. Its log goes to the channel. Without -k it would change into the background. */
static void execute(int channel, const void *argument)
{
	const struct record *record = argument;

	loopback_up();
	require(dup2(channel, STDERR_FILENO) >= 0, "dup2: %s", strerror(errno));
	execl(PROGRAM, PROGRAM, "-k", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--group=root", "--no-resolv",
	      "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1", "--log-queries", "--log-facility=-",
	      record->option, (char *)NULL);
	fail("cannot execute " PROGRAM ": %s", strerror(errno));
}

/* Takes what the server has said since. */
static void hear(struct network *network)
{
	ssize_t size;

	do {
		size_t room = sizeof(network->log) - 1 - network->log_size;

		require(room > 0, "the name server of %s says more than %d bytes", network->name, LOG_MAX);
		size = recv(network->server.channel, network->log + network->log_size, room, MSG_DONTWAIT);
		if (size > 0)
			network->log_size += (size_t)size;
		network->log[network->log_size] = '\0';
	} while (size > 0);
}

void networks_configure(void)
{
	static const char text[] = "nameserver 127.0.0.1\n";
	int file = open(KS_RESOLV_CONF, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	/* To an image without one it is the same to have an empty one. */
	require(file >= 0, "cannot open " KS_RESOLV_CONF ": %s", strerror(errno));
	close(file);
	require(!link(KS_RESOLV_CONF, KS_RESOLV_CONF_SAVED) || errno == EEXIST, "cannot save " KS_RESOLV_CONF ": %s", strerror(errno));
	file = open(KS_RESOLV_CONF_INCOMING, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	require(file >= 0 && write(file, text, sizeof(text) - 1) == sizeof(text) - 1 &&
			!rename(KS_RESOLV_CONF_INCOMING, KS_RESOLV_CONF),
		"cannot replace " KS_RESOLV_CONF ": %s", strerror(errno));
	close(file);
}

void network_start(struct network *network, const char *name, const struct place *place, int number)
{
	int64_t deadline = now_ms() + START_MS;
	struct record record;

	*network = (struct network){ .name = name, .place = *place };
	snprintf(network->address, sizeof(network->address), "192.0.2.%d", number);
	snprintf(record.option, sizeof(record.option), "--host-record=%s,%s", SERVED_NAME, network->address);
	network->server = place_start(place, execute, &record, sizeof(record));
	/* It says so once its sockets are bound. */
	for (hear(network); !strstr(network->log, "started, version"); hear(network)) {
		require(now_ms() < deadline && !task_ends(&network->server, 0), "the name server of %s does not start: %s", name,
			network->log_size ? network->log : "it says nothing");
		sleep_ms(10);
	}
}

int network_asked(struct network *network)
{
	int count = 0;

	hear(network);
	/* "query[A] srv.keystorm.test from 127.0.0.1", written before it answers. */
	for (const char *at = network->log; (at = strstr(at, "query[")); at++) {
		const char *name = strstr(at, "] ");

		if (name && !strncmp(name + 2, SERVED_NAME " from", strlen(SERVED_NAME " from")))
			count++;
	}
	return count;
}

void network_end(struct network *network)
{
	task_end(&network->server);
	place_end(&network->place);
}
