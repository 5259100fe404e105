/* SPDX-License-Identifier: MIT */
/*
 * An agent that fetches each answer's credential from a server, over its network, and what the two have agreed on: a datagram
 * with a number is answered by the same. The agent asks so often, waits so long for each answer, and then gives up.
 */
#ifndef KS_CREDENTIAL_H
#define KS_CREDENTIAL_H

#include <arpa/inet.h>
#include <netinet/in.h>

#define KS_CREDENTIAL_PORT 8649
#define KS_CREDENTIAL_TRIES 3
#define KS_CREDENTIAL_WAIT_MS 100

/** The server's address, as the agent sees it. */
static inline struct sockaddr_in ks_credential_address(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(KS_CREDENTIAL_PORT),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

#endif
