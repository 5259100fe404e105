/* SPDX-License-Identifier: MIT */
#ifndef KS_AGENT_OPTIONS_H
#define KS_AGENT_OPTIONS_H

#include "agent.h"

/** Reads the command line. Does not return when there is anything wrong with it: exit status 2. */
void ks_agent_parse(int argc, char **argv, struct ks_agent_options *options);

/** Says a sentence on standard error and exits. */
__attribute__((noreturn, format(printf, 2, 3))) void ks_agent_fail(int status, const char *format, ...);

#endif
