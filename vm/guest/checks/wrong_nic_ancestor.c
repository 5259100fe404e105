// SPDX-License-Identifier: MIT
#include "all.h"
#include "right_nic.h"

/* Two containers in a third, which alone has an agent. They inherit its session keyring, and with it the agent's key. */
static int make(struct site sites[SITES_MAX])
{
	sites[0] = (struct site){ "parent", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID) };
	sites[1] = (struct site){ "a", place_new_in_session(&sites[0].place, CONTAINER_NAMESPACES, 0) };
	sites[2] = (struct site){ "b", place_new_in_session(&sites[0].place, CONTAINER_NAMESPACES, 0) };
	return 3;
}

void check_wrong_nic_ancestor(void)
{
	right_nic_check(&(struct topology){ .name = "ancestor", .make = make, .agents = 1 });
}
