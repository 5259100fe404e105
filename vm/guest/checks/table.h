/* SPDX-License-Identifier: MIT */
/* All checks there are. A new one is a file with its function, a line here and one in table.c. */
#ifndef KS_CHECKS_TABLE_H
#define KS_CHECKS_TABLE_H

/**
 * A check tries what the mechanism it was told about (mechanism.h) guards, and says what the kernel did, a line for each
 * property (verdict.h). It returns; where it cannot go on it calls fail() of the self-test's harness, and what it has not
 * decided by then is unknown.
 */
struct check {
	const char *name;
	void (*run)(void);
};

/** Ended by a NULL name. */
extern const struct check checks[];

#endif
