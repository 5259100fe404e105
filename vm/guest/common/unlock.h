/* SPDX-License-Identifier: MIT */
/*
 * A machine that somebody needs, and whose root has allowed our modules and runner on it until it is booted again: by a file that holds
 * the id of this boot. A copy of it on another machine, or one that has outlived its boot, unlocks nothing.
 */
#ifndef KS_UNLOCK_H
#define KS_UNLOCK_H

#define KS_UNLOCK_FILE "/run/keystorm.unlock"
#define KS_BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/**
 * The parameter with which our modules load where `file` unlocks the boot that `boot_id_file` names: "unlock=ID". Else "": also
 * where the file is somebody else's than the caller's, or others may write to it. Valid until the next call.
 */
const char *ks_unlock_of(const char *file, const char *boot_id_file);

/** The same of this machine: parameters for finit_module(2), also where no unlock is needed. */
const char *ks_unlock(void);

#endif
