/* SPDX-License-Identifier: MIT */
/*
 * Which size an answer has, when a cell's answers have several: the request with sequence number k, the number its
 * description ends in, gets size k modulo how many there are. So answerer and requester agree without a word, and every
 * requester sees every size equally often. Needs no C library: the helper has none.
 */
#ifndef KS_ANSWER_SIZES_H
#define KS_ANSWER_SIZES_H

#include <stddef.h>
#include <stdint.h>

#define KS_ANSWER_SIZES_MAX 8
/* "1024," each */
#define KS_ANSWER_SIZES_TEXT (KS_ANSWER_SIZES_MAX * 5 + 1)

/** Sizes in bytes, KS_ANSWER_MIN..KS_ANSWER_MAX each, taken in turn. */
struct ks_answer_sizes {
	uint32_t count;
	uint32_t bytes[KS_ANSWER_SIZES_MAX];
};

/**
 * Reads sizes separated by commas, which a newline may end, after those that are there already.
 * Returns 0, or -1: not a number, out of range, or more than there may be.
 */
int ks_answer_sizes_parse(const char *text, struct ks_answer_sizes *sizes);

/** The size of the answer to a request; the first size when its description does not end in a number. */
size_t ks_answer_size(const struct ks_answer_sizes *sizes, const char *description);

#endif
