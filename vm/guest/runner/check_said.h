/* SPDX-License-Identifier: MIT */
/* What a check says about a property. */
#ifndef KS_CHECK_SAID_H
#define KS_CHECK_SAID_H

#define CHECK_EVIDENCE_MAX 1000

/** One line of ks-check, taken apart. `outcome` is one of the words of the protocol. */
struct check_said {
	char property[65];
	const char *outcome;
	char evidence[CHECK_EVIDENCE_MAX + 1];
};

/** Reads "property <name> <outcome> <evidence>". 0, or -1 when the line is none. */
int check_said_parse(const char *line, struct check_said *said);

#endif
