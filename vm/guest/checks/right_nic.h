/* SPDX-License-Identifier: MIT */
/*
 * From which network does the answer come? Several networks have a DNS server each, with its own answer for one and the
 * same name. The name is asked for from each, and whoever answers must have asked the asker's own network's server.
 */
#ifndef KS_CHECKS_RIGHT_NIC_H
#define KS_CHECKS_RIGHT_NIC_H

#include "place.h"

#define SITES_MAX 3

struct site {
	const char *name;
	struct place place;
};

struct topology {
	const char *name;	/* as the properties have it */
	/** Makes the places, each in a network of its own, an inner one after its outer one. Returns how many. */
	int (*make)(struct site sites[SITES_MAX]);
	/** In how many of them, from the first on, there is an agent that resolves names, where the mechanism has agents. */
	int agents;
	/** They are not the places' own: root of the host starts each, in the place's network and for it alone. */
	bool managed;
};

/**
 * Says, for both ways to ask (request_key(2); dns_query() in the kernel: suffix -in-kernel):
 *
 *	right-nic-<topology>	held when no answer came from, and no query went to, another network's server
 *	answered-<topology>	held when everybody got an answer: being refused is right, too, but it is no service
 *
 * The host always asks as well. It is answered in any case, so that nothing is held just because nothing works.
 */
void right_nic_check(const struct topology *topology);

#endif
