/* SPDX-License-Identifier: MIT */
/* A network: a place whose DNS server (dnsmasq, on 127.0.0.1) has an answer of its own for one name that all servers know. */
#ifndef KS_CHECKS_NETWORK_H
#define KS_CHECKS_NETWORK_H

#include "place.h"

#define SERVED_NAME "srv.keystorm.test"

#define ADDRESS_TEXT 16
#define LOG_MAX 32768

struct network {
	const char *name;		/* in evidence */
	struct place place;
	struct task server;
	char address[ADDRESS_TEXT];	/* its server's answer */
	size_t log_size;
	char log[LOG_MAX];		/* what the server has said so far */
};

/** Sees to it that resolvers of every place ask 127.0.0.1 of whatever network they are in. Before the first place is made. */
void networks_configure(void);

/**
 * Brings up the loopback device of a place that has no server yet, and starts one there whose answer is 192.0.2.`number`;
 * returns when it serves.
 */
void network_start(struct network *network, const char *name, const struct place *place, int number);

/** How often its server has been asked for the name by now, as its own log says. */
int network_asked(struct network *network);

/** Ends server and place. A place below another is ended first. */
void network_end(struct network *network);

#endif
