/* SPDX-License-Identifier: MIT */
/* The runner's own folder: a tmpfs without nosuid, so that a setuid requester works wherever /run is mounted how. */
#ifndef KS_WORKPLACE_H
#define KS_WORKPLACE_H

#define WORKPLACE "/run/keystorm"
#define WORKPLACE_PROGRAMS WORKPLACE "/programs"
#define GUEST_PROGRAMS "/keystorm"

/**
 * Takes the lock that allows one runner at a time, waiting (bounded) for one that is clearing up, then mounts the
 * folder, over what a killed runner left there, and puts the containers' programs into it. 0, or -1 with a failure.
 */
int workplace_begin(void);

/** Unmounts the folder. The lock goes with the process. */
void workplace_end(void);

#endif
