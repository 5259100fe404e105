// SPDX-License-Identifier: MIT
/* With the C library's resolver, and not its getaddrinfo(3), which a static program has only with libraries of the guest's. */
#include "name_lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <resolv.h>
#include <stdbool.h>
#include <string.h>

#define SERVER_TIMEOUT_S 1
#define TRIES 3
#define MESSAGE_MAX 4096

struct addresses {
	char *at;
	char *end;
	bool list;
	unsigned int count;
};

static bool has_word(const char *options, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = options; (at = strstr(at, word)); at += length)
		if ((at == options || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
			return true;
	return false;
}

static int add_address(struct addresses *addresses, int family, const void *bytes)
{
	if (addresses->count > 0) {
		if (addresses->at == addresses->end)
			return -EMSGSIZE;
		*addresses->at++ = ',';
	}
	if (!inet_ntop(family, bytes, addresses->at, (socklen_t)(addresses->end - addresses->at)))
		return -EMSGSIZE;
	addresses->at += strlen(addresses->at);
	addresses->count++;
	return 0;
}

/* Those of the answer that are of the wanted type: others (a CNAME on the way) are not looked at. */
static int add_answer(struct addresses *addresses, const unsigned char *message, int size, ns_type type)
{
	int family = type == ns_t_a ? AF_INET : AF_INET6;
	size_t length = type == ns_t_a ? NS_INADDRSZ : NS_IN6ADDRSZ;
	ns_msg parsed;

	if (ns_initparse(message, size, &parsed))
		return -EAGAIN;
	for (int i = 0; i < ns_msg_count(parsed, ns_s_an); i++) {
		ns_rr record;
		int problem;

		if (ns_parserr(&parsed, ns_s_an, i, &record))
			return -EAGAIN;
		if (ns_rr_type(record) != type || ns_rr_rdlen(record) != length)
			continue;
		problem = add_address(addresses, family, ns_rr_rdata(record));
		if (problem || !addresses->list)
			return problem;
	}
	return addresses->count > 0 ? 0 : -ENODATA;
}

static int error_of(int resolver_error)
{
	switch (resolver_error) {
	case HOST_NOT_FOUND:
	case NO_DATA:
		return -ENODATA;
	case TRY_AGAIN:
		return -EAGAIN;
	default:
		return -ECONNREFUSED;
	}
}

static int ask(struct __res_state *resolver, struct addresses *addresses, const char *name, ns_type type)
{
	unsigned char message[MESSAGE_MAX];
	int size = res_nquery(resolver, name, ns_c_in, type, message, sizeof(message));

	if (size < 0)
		return error_of(resolver->res_h_errno);
	return add_answer(addresses, message, size < MESSAGE_MAX ? size : MESSAGE_MAX, type);
}

static const char *take_prefix(const char *description, bool *ipv4, bool *ipv6)
{
	const char *colon = strchr(description, ':');

	if (!colon)
		return description;
	if (strncmp(description, "a:", 2) == 0)
		*ipv6 = false;
	else if (strncmp(description, "aaaa:", 5) == 0)
		*ipv4 = false;
	else
		return NULL;
	return colon + 1;
}

long ks_name_lookup(const char *description, const char *options, char *payload, size_t size)
{
	/* One byte is kept for the NUL. */
	struct addresses addresses = { .at = payload, .end = payload + size - 1, .list = has_word(options, "list") };
	bool ipv4 = !has_word(options, "ipv6"), ipv6 = !has_word(options, "ipv4");
	const char *name = take_prefix(description, &ipv4, &ipv6);
	struct __res_state resolver = { 0 };
	int problem = -ENODATA;

	if (!name)
		return -EOPNOTSUPP;
	if (res_ninit(&resolver))
		return -ECONNREFUSED;
	resolver.retrans = SERVER_TIMEOUT_S;
	resolver.retry = TRIES;
	if (ipv4)
		problem = ask(&resolver, &addresses, name, ns_t_a);
	if (ipv6 && (problem == -ENODATA || addresses.list)) {
		int other = ask(&resolver, &addresses, name, ns_t_aaaa);

		problem = problem == 0 ? 0 : other;
	}
	res_nclose(&resolver);
	if (problem)
		return problem;
	*addresses.at++ = '\0';
	return addresses.at - payload;
}
