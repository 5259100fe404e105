// SPDX-License-Identifier: MIT
#include "table.h"

#include <stddef.h>

#include "all.h"

const struct check checks[] = {
	{ "dns-cache-bleed", check_dns_cache_bleed },
	{ "host-helper-absent", check_host_helper_absent },
	{ "wrong-nic-ancestor", check_wrong_nic_ancestor },
	{ "wrong-nic-own", check_wrong_nic_own },
	{ "wrong-nic-two-nets", check_wrong_nic_two_nets },
	{ NULL, NULL },
};
