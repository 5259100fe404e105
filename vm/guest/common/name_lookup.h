/* SPDX-License-Identifier: MIT */
/* What keys of type "dns_resolver" are instantiated with. */
#ifndef KS_NAME_LOOKUP_H
#define KS_NAME_LOOKUP_H

#include <stddef.h>

/* How long such a key lives: key.dns_resolver's default. */
#define KS_NAME_LIFETIME_S 5

/**
 * Looks up what a key's description asks for ("[a:|aaaa:]<name>") at the servers of this process's /etc/resolv.conf, from its network
 * namespace, and writes the address as text, NUL included, into `payload`; all addresses, separated by commas, when a word of
 * `options` is "list". "ipv4" or "ipv6" there restrict it to one kind; without, IPv6 is asked for when there is no IPv4.
 * Takes 12 s at most with one server. Returns the payload's size, or a negative errno: ENODATA (no such name or address),
 * EAGAIN (no server answers), ECONNREFUSED (a server will not), EOPNOTSUPP (another kind of record), EMSGSIZE.
 */
long ks_name_lookup(const char *description, const char *options, char *payload, size_t size);

#endif
