/* SPDX-License-Identifier: MIT */
/* The kernel's settings that a check may change: for keys, /proc/sys/kernel/keys, and for what is made to fail, where a kernel has that. */
#ifndef KS_KERNEL_SETTINGS_H
#define KS_KERNEL_SETTINGS_H

/** Remembers them. 0, or -1 with a failure. */
int kernel_settings_save(void);

/** Puts back what was remembered. 0, or -1 with a failure. */
int kernel_settings_restore(void);

#endif
