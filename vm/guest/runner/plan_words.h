/* SPDX-License-Identifier: MIT */
/* Words of a plan's line, and reading them with errors a person can act on. Inside the parser only. */
#ifndef KS_PLAN_WORDS_H
#define KS_PLAN_WORDS_H

#include "plan.h"

#define PLAN_WORDS_MAX 16

/** One line's words, and where complaints about it go. */
struct plan_line {
	char *words[PLAN_WORDS_MAX];
	int count;
	struct plan_error *error;
};

/** Records what is wrong with the line. Always returns -1. */
int plan_complain(struct plan_line *line, const char *message, ...) __attribute__((format(printf, 2, 3)));

/** Takes a line apart in place; comment and indentation are dropped. 0, or -1. An empty line has no words. */
int plan_split(char *text, struct plan_line *line);

/** Word `index` as a decimal number within [min, max]. 0, or -1. */
int plan_number(struct plan_line *line, int index, uint32_t min, uint32_t max, uint32_t *number);

/** Word `index` as one of `list`; its place in the list, or -1. */
int plan_choice(struct plan_line *line, int index, const char *const *list);

/** Complains unless word `index` is `word`. 0, or -1. */
int plan_expect(struct plan_line *line, int index, const char *word);

/** Word `index` as a name, [a-z0-9-]{1,32}. 0, or -1. */
int plan_name(struct plan_line *line, int index, char name[PLAN_NAME_MAX + 1]);

#endif
