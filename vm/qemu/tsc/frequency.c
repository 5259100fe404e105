// SPDX-License-Identifier: MIT
/*
 * Prints how often the processor's time stamp counter ticks, in kHz. Both ends of
 * a stretch of time are read many times over, and of each end the reading counts
 * that took the fewest ticks: between one read of the counter and the next nothing
 * else can have run for long.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define READINGS 1000
#define STRETCH_NS 100000000LL

struct moment {
	long long ns;
	unsigned long long ticks;
};

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static struct moment closest(void)
{
	struct moment best = { 0 };
	unsigned long long least = ~0ULL;
	int i;

	for (i = 0; i < READINGS; i++) {
		unsigned long long before = __rdtsc();
		long long ns = now();
		unsigned long long after = __rdtsc();

		if (after - before < least) {
			least = after - before;
			best = (struct moment){ ns, before + least / 2 };
		}
	}
	return best;
}

int main(void)
{
	struct moment first = closest(), last;
	struct timespec stretch = { .tv_nsec = STRETCH_NS };

	nanosleep(&stretch, NULL);
	last = closest();
	printf("%.0f\n", (double)(last.ticks - first.ticks) * 1e6 / (double)(last.ns - first.ns));
	return 0;
}
