/* SPDX-License-Identifier: MIT */
/* Statements between a block's first line and its `end`. Inside the parser only. */
#ifndef KS_PLAN_BLOCK_H
#define KS_PLAN_BLOCK_H

#include "plan_words.h"

/** `words` with the statement's own; `more` may follow. `needed`: without it the block is incomplete. */
struct plan_statement {
	const char *word;
	int words;
	int more;
	bool once;
	bool needed;
	const char *usage;
	int (*take)(void *target, struct plan_line *line);
};

/** Statements that an open block knows, in a list ended by a NULL word, and where they go. */
struct plan_block {
	const char *kind;	/* for complaints: "cell" */
	const char *id;
	const struct plan_statement *statements;
	uint32_t *given;	/* a bit for each that has been seen */
	void *target;
};

/** Takes one line, which one of the lists must know. 0, or -1 with a complaint. */
int plan_block_line(const struct plan_block *blocks, int count, struct plan_line *line);

/** At its `end`: has everything been given that is needed? 0, or -1 with a complaint. */
int plan_block_end(const struct plan_block *blocks, int count, struct plan_line *line);

#endif
