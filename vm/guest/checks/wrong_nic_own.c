// SPDX-License-Identifier: MIT
#include "all.h"
#include "right_nic.h"

/* Two containers, an agent in each. */
static int make(struct site sites[SITES_MAX])
{
	sites[0] = (struct site){ "a", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID) };
	sites[1] = (struct site){ "b", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS) };
	return 2;
}

void check_wrong_nic_own(void)
{
	right_nic_check(&(struct topology){ .name = "own", .make = make, .agents = 2 });
}
