// SPDX-License-Identifier: MIT
#include "all.h"
#include "right_nic.h"

/* Two containers; for the network of each, root of the host (a container manager, say) has registered an agent that is in it. */
static int make(struct site sites[SITES_MAX])
{
	sites[0] = (struct site){ "a", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID) };
	sites[1] = (struct site){ "b", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS) };
	return 2;
}

void check_wrong_nic_managed(void)
{
	right_nic_check(&(struct topology){ .name = "managed", .make = make, .agents = 2, .managed = true });
}
