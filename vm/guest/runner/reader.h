/* SPDX-License-Identifier: MIT */
#ifndef KS_READER_H
#define KS_READER_H

/** Reads the plan's text from stdin up to its `run`, within a bound. To be freed; NULL with a failure. */
char *reader_take_plan(void);

#endif
