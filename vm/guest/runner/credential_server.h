/* SPDX-License-Identifier: MIT */
/* The server of common/credential.h, in the network namespace of whoever asks it; and datagrams to it that are lost. */
#ifndef KS_CREDENTIAL_SERVER_H
#define KS_CREDENTIAL_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Sockets of that namespace: the server's, and one to ask it through. -1: there are none. */
struct credential_server {
	int socket;
	int probe;
};

/** Starts one where a process is; it answers whenever the runner sleeps. 0, or -1 with a failure. */
int credential_server_start(struct credential_server *server, pid_t pid);

/** From now on the kernel loses so many in a hundred datagrams to it; 0: none. 0, or -1 with errno. */
int credential_server_lose(struct credential_server *server, uint32_t percent);

/** How many it has lost. */
uint32_t credential_server_lost(const struct credential_server *server);

/** Whether every one of some datagrams arrives. */
bool credential_server_is_reached(const struct credential_server *server);

void credential_server_stop(struct credential_server *server);

#endif
