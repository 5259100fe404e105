/* SPDX-License-Identifier: MIT */
/* What a check says: on standard output, at once, a line for each property and each fault (docs/guest-protocol.md). */
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

/**
 * A fault that the check has injected: how often a probe of its own saw it take effect (not how often it was tried), and whether
 * another found it gone again. Said once for each fault, when it is over.
 */
void fault_was(const char *fault, long hits, bool gone);

#endif
