/* SPDX-License-Identifier: MIT */
/* The guest's link to the world outside: the network interfaces of the init namespace but lo. */
#ifndef KS_NETWORK_H
#define KS_NETWORK_H

#include <stdint.h>

/** Both ways, since the interfaces came up. */
struct network_counts {
	uint64_t rx_packets, tx_packets, rx_bytes, tx_bytes;
};

/** Reads the counts, summed over the interfaces. 0, or -1 with a failure. */
int network_read(struct network_counts *counts);

/** Bytes in TCP connections that were not yet sent, or of which nobody has said that they arrived. 0, or -1 with a failure. */
int network_unsent(uint64_t *bytes);

#endif
