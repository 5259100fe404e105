// SPDX-License-Identifier: MIT
#include "wall_clock.h"

#include "../module/selftest/harness.h"

#define LOOK_AGAIN_MS 50

void await_wall_clock(time_t second, int most_s)
{
	int64_t deadline = now_ms() + 1000 * most_s + PATIENCE_MS;

	while (time(NULL) <= second) {
		require(now_ms() < deadline, "the wall clock stands still");
		sleep_ms(LOOK_AGAIN_MS);
	}
}
