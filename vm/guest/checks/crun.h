/* SPDX-License-Identifier: MIT */
/* A place that crun makes: a container as engines start them, with this program as its init. */
#ifndef KS_CHECKS_CRUN_H
#define KS_CHECKS_CRUN_H

#include "place.h"

/** In place of a check's name: this program is the init of such a container. */
#define CRUN_INIT_WORD "init-of-a-container"

/** Starts one whose ids 0..65535 are first_id and following ones outside. */
struct place crun_place(uid_t first_id);

/** Its init. */
__attribute__((noreturn)) void crun_init(void);

#endif
