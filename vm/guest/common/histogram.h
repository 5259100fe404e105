/* SPDX-License-Identifier: MIT */
/* The log-linear histogram of docs/guest-protocol.md, layout version 1. */
#ifndef KS_HISTOGRAM_H
#define KS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define KS_HISTOGRAM_VERSION 1
#define KS_HISTOGRAM_SUB_BITS 7
/* Every 64-bit value has a bucket, so recording never fails. */
#define KS_HISTOGRAM_BUCKETS ((64 - KS_HISTOGRAM_SUB_BITS + 1) << KS_HISTOGRAM_SUB_BITS)

/** Counts of nanosecond values; min, max and sum are exact. min and max mean nothing while count is 0. */
struct ks_histogram {
	uint64_t count;
	uint64_t min;
	uint64_t max;
	uint64_t sum;
	uint64_t buckets[KS_HISTOGRAM_BUCKETS];
};

/** The bucket a value falls into. */
size_t ks_histogram_index(uint64_t value);

/** The smallest value of a bucket; index < KS_HISTOGRAM_BUCKETS. */
uint64_t ks_histogram_lower_bound(size_t index);

/** Empties a histogram. */
void ks_histogram_reset(struct ks_histogram *histogram);

/** Counts one value. */
void ks_histogram_record(struct ks_histogram *histogram, uint64_t value);

#endif
