// SPDX-License-Identifier: GPL-2.0-only
/* Standing at the entry of a kernel function, as keystorm.ko does. */
#include "../module/trace.c"
