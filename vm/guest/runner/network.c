// SPDX-License-Identifier: MIT
#include "network.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "files.h"

#define INTERFACES "/sys/class/net"
#define LOOPBACK "lo"
/* Of the kernel's enum for the state of a connection (net/tcp_states.h). */
#define TCP_LISTEN 10

static int read_statistic(const char *interface, const char *name, uint64_t *sum)
{
	char path[sizeof(INTERFACES) + 256 + 64], number[32];

	snprintf(path, sizeof(path), INTERFACES "/%s/statistics/%s", interface, name);
	if (file_read(path, number, sizeof(number)))
		return fail("network", "cannot read %s: %s", path, strerror(errno));
	*sum += strtoull(number, NULL, 10);
	return 0;
}

int network_read(struct network_counts *counts)
{
	DIR *interfaces = opendir(INTERFACES);
	struct dirent *entry;
	int result = 0;

	*counts = (struct network_counts){ 0 };
	if (!interfaces)
		return fail("network", "cannot list " INTERFACES ": %s", strerror(errno));
	while (!result && (entry = readdir(interfaces)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, LOOPBACK) != 0)
			result = read_statistic(entry->d_name, "rx_packets", &counts->rx_packets) ||
				 read_statistic(entry->d_name, "tx_packets", &counts->tx_packets) ||
				 read_statistic(entry->d_name, "rx_bytes", &counts->rx_bytes) ||
				 read_statistic(entry->d_name, "tx_bytes", &counts->tx_bytes);
	closedir(interfaces);
	return result ? -1 : 0;
}

/* "  sl  local_address rem_address   st tx_queue rx_queue …"; of a listener the queue counts connections. */
static int add_unsent(const char *path, uint64_t *bytes)
{
	static char text[1 << 14];
	unsigned int state;
	uint64_t queued;

	if (file_read(path, text, sizeof(text)))
		/* No such protocol in this kernel. */
		return errno == ENOENT ? 0 : fail("network", "cannot read %s: %s", path, strerror(errno));
	for (char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
		if (sscanf(line, " %*d: %*s %*s %x %" SCNx64 ":", &state, &queued) == 2 && state != TCP_LISTEN)
			*bytes += queued;
	return 0;
}

int network_unsent(uint64_t *bytes)
{
	*bytes = 0;
	return add_unsent("/proc/net/tcp", bytes) || add_unsent("/proc/net/tcp6", bytes) ? -1 : 0;
}
