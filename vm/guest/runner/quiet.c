// SPDX-License-Identifier: MIT
#include "quiet.h"

#include <string.h>

#include "../common/clock.h"
#include "events.h"
#include "frame.h"
#include "network.h"

/* A busy host has been seen to hear of a packet 30 ms after it was sent. */
#define QUIET_MS 50
#define LOOK_AGAIN_MS 5
/* As long as a frame may be left unread. */
#define TAKEN_MS 30000
/* Somebody else's noise need not end, and no beat is written meanwhile: the protocol has one at least every 2 s. */
#define NOISE_MS 1500

/* What is under way at a moment. */
struct traffic {
	struct network_counts counts;
	uint64_t unsent;
};

static int look(struct traffic *traffic)
{
	return network_read(&traffic->counts) || network_unsent(&traffic->unsent) ? -1 : 0;
}

/* Until it is time to look again. 0, or -1 with a failure. */
static int doze(void)
{
	return events_wait(ks_now() + LOOK_AGAIN_MS * KS_NS_PER_MS, NULL, NULL, NULL) == WAIT_FAILED ? -1 : 0;
}

static int await_taken(void)
{
	uint64_t until = ks_now() + TAKEN_MS * KS_NS_PER_MS;

	while (frame_unread() > 0 && ks_now() < until)
		if (doze())
			return -1;
	return 0;
}

int quiet_await(void)
{
	struct traffic last, now;
	uint64_t until, since;

	if (await_taken() || look(&last))
		return -1;
	since = ks_now();
	until = since + NOISE_MS * KS_NS_PER_MS;
	while (ks_now() < until && ks_now() - since < QUIET_MS * KS_NS_PER_MS) {
		if (doze() || look(&now))
			return -1;
		if (now.unsent > 0 || memcmp(&now.counts, &last.counts, sizeof(now.counts)) != 0)
			since = ks_now();
		last = now;
	}
	return 0;
}
