/* SPDX-License-Identifier: MIT */
/* The kernel's settings for keys, /proc/sys/kernel/keys: a check may change them. */
#ifndef KS_KEY_SETTINGS_H
#define KS_KEY_SETTINGS_H

/** Remembers them. 0, or -1 with a failure. */
int key_settings_save(void);

/** Puts back what was remembered. 0, or -1 with a failure. */
int key_settings_restore(void);

#endif
