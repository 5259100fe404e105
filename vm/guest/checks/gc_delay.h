/* SPDX-License-Identifier: MIT */
#ifndef KS_CHECKS_GC_DELAY_H
#define KS_CHECKS_GC_DELAY_H

#define GC_DELAY_S 1

/** Dead keys are kept for GC_DELAY_S beyond their lifetime from now on, instead of five minutes. The runner undoes it after the check. */
void gc_delay_shorten(void);

#endif
