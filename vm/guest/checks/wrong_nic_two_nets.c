// SPDX-License-Identifier: MIT
#include "all.h"
#include "right_nic.h"

/* Two networks in one user namespace, with one session keyring and one agent, which is in the first. */
static int make(struct site sites[SITES_MAX])
{
	sites[0] = (struct site){ "first", place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID) };
	sites[1] = (struct site){ "second", place_new_in_session(&sites[0].place, CLONE_NEWNET, 0) };
	return 2;
}

void check_wrong_nic_two_nets(void)
{
	right_nic_check(&(struct topology){ .name = "two-nets", .make = make, .agents = 1 });
}
