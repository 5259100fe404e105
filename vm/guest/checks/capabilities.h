/* SPDX-License-Identifier: MIT */
/* Capabilities of processes (capabilities(7)), as masks: bit N is capability N. */
#ifndef KS_CHECKS_CAPABILITIES_H
#define KS_CHECKS_CAPABILITIES_H

#include <linux/capability.h>
#include <stdint.h>
#include <sys/types.h>

#define ALL_CAPABILITIES (~0ull)
#define CAPABILITY(number) (1ull << (number))

/** Keeps those of `wanted` that this process has, permitted and effective; it can not have more again. */
void capabilities_keep(uint64_t wanted);

/** Takes one out of this process's bounding set, which needs CAP_SETPCAP: what is executed later does not get it. */
void capabilities_unbound(int capability);

/** A process's bounding set, by its pid in the init pid namespace. */
uint64_t capabilities_bounding(pid_t pid);

/** Those it is permitted. */
uint64_t capabilities_permitted(pid_t pid);

#endif
