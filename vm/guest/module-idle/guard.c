// SPDX-License-Identifier: GPL-2.0-only
/* The same guard as keystorm.ko's: only on a machine to be thrown away. */
#include "../module/guard.c"
