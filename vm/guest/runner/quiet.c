// SPDX-License-Identifier: MIT
#include "quiet.h"

#include <stdbool.h>
#include <string.h>

#include "../common/clock.h"
#include "events.h"
#include "frame.h"
#include "network.h"

/* A busy host has been seen to hear of a packet 30 ms after it was sent. */
#define QUIET_MS 50
#define LOOK_AGAIN_MS 5
/* As long as a frame may be left unread. */
#define AT_MOST_MS 30000

/* Whether nothing is under way; `counts` are those of this moment. */
static int look(struct network_counts *counts, bool *still)
{
	uint64_t unsent;

	if (network_read(counts) || network_unsent(&unsent))
		return -1;
	*still = unsent == 0 && frame_unread() == 0;
	return 0;
}

int quiet_await(void)
{
	uint64_t until = ks_now() + AT_MOST_MS * KS_NS_PER_MS, since = ks_now(), now;
	struct network_counts last, counts;
	bool still;

	if (look(&last, &still))
		return -1;
	while ((now = ks_now()) < until && now - since < QUIET_MS * KS_NS_PER_MS) {
		if (events_wait(now + LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, NULL) == WAIT_FAILED || look(&counts, &still))
			return -1;
		if (!still || memcmp(&counts, &last, sizeof(counts)) != 0)
			since = ks_now();
		last = counts;
	}
	return 0;
}
