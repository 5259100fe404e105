// SPDX-License-Identifier: MIT
#include "histogram.h"

#include <string.h>

#define SUB_BUCKETS (1ULL << KS_HISTOGRAM_SUB_BITS)

size_t ks_histogram_index(uint64_t value)
{
	unsigned int shift;

	if (value < SUB_BUCKETS)
		return (size_t)value;
	shift = 63u - (unsigned int)__builtin_clzll(value) - KS_HISTOGRAM_SUB_BITS;
	return (size_t)((shift + 1) * SUB_BUCKETS + (value >> shift) - SUB_BUCKETS);
}

uint64_t ks_histogram_lower_bound(size_t index)
{
	if (index < SUB_BUCKETS)
		return index;
	return (SUB_BUCKETS + index % SUB_BUCKETS) << (index / SUB_BUCKETS - 1);
}

void ks_histogram_reset(struct ks_histogram *histogram)
{
	memset(histogram, 0, sizeof(*histogram));
}

void ks_histogram_record(struct ks_histogram *histogram, uint64_t value)
{
	if (histogram->count == 0 || value < histogram->min)
		histogram->min = value;
	if (histogram->count == 0 || value > histogram->max)
		histogram->max = value;
	histogram->count++;
	histogram->sum += value;
	histogram->buckets[ks_histogram_index(value)]++;
}
