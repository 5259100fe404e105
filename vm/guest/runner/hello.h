/* SPDX-License-Identifier: MIT */
#ifndef KS_HELLO_H
#define KS_HELLO_H

#include <stdbool.h>
#include <stdint.h>

#include "namespaces.h"

/** Whether the kernel command line has the word that allows the runner to work here. */
bool hello_is_disposable(void);

/** Emits the `hello` frame. 0, or -1 with a failure. */
int hello_emit(uint32_t boot, const struct namespaces *init_namespaces);

#endif
