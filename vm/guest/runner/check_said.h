/* SPDX-License-Identifier: MIT */
/* What a check says about a property, or about a fault that it has injected. */
#ifndef KS_CHECK_SAID_H
#define KS_CHECK_SAID_H

#include <stdbool.h>
#include <stdint.h>

#define CHECK_EVIDENCE_MAX 1000

enum check_said_kind { SAID_PROPERTY, SAID_FAULT };

/** One line of ks-check, taken apart. */
struct check_said {
	enum check_said_kind kind;
	char name[65];		/* of the property or the fault */
	/* Of a property; `outcome` is one of the words of the protocol. */
	const char *outcome;
	char evidence[CHECK_EVIDENCE_MAX + 1];
	/* Of a fault. */
	uint32_t hits;
	bool gone;
};

/** Reads "property <name> <outcome> <evidence>" or "fault <name> hits <n> gone yes|no". 0, or -1 when the line is neither. */
int check_said_parse(const char *line, struct check_said *said);

#endif
