// SPDX-License-Identifier: GPL-2.0-only
/* Addresses of what is not exported, found as keystorm.ko finds them. */
#include "../module/symbols.c"
