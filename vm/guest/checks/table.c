// SPDX-License-Identifier: MIT
#include "table.h"

#include <stddef.h>

#include "all.h"

const struct check checks[] = {
	{ "host-helper-absent", check_host_helper_absent },
	{ NULL, NULL },
};
