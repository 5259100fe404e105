/* SPDX-License-Identifier: MIT */
/* What a check says: on standard output, at once, a line for each property (docs/guest-protocol.md). */
#ifndef KS_CHECKS_VERDICT_H
#define KS_CHECKS_VERDICT_H

#include <stdbool.h>

#define EVIDENCE __attribute__((format(printf, 2, 3)))

/** Each takes the name of a property and its evidence: what was tried and what the kernel did, in one sentence. */
EVIDENCE void held(const char *property, const char *evidence, ...);
EVIDENCE void violated(const char *property, const char *evidence, ...);
EVIDENCE void unknown(const char *property, const char *evidence, ...);
EVIDENCE void not_applicable(const char *property, const char *evidence, ...);

/** held if `holds`, else violated. */
__attribute__((format(printf, 3, 4))) void decide(bool holds, const char *property, const char *evidence, ...);

#undef EVIDENCE
#endif
