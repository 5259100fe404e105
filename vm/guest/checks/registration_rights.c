// SPDX-License-Identifier: MIT
/*
 * registration-rights: a capability reaches only namespaces that belong to the user namespace it is held in, or to one below.
 * Every registrar tries every namespace, of every kind that its route names, of the host, of its own container, of a sibling's
 * and of one nested in its own; and, in a container, each capability is tried alone. Nothing but CAP_SYS_ADMIN in the user
 * namespace that owns the one that is named may be enough, and that must be. To the kernel, who made a user namespace, and is
 * outside it, has every capability in it: so has root of the host in containers, and root of a container in what is nested there.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "all.h"
#include "capabilities.h"
#include "mechanism.h"
#include "namespaces.h"
#include "place.h"
#include "registration.h"
#include "verdict.h"

enum owner { HOST, CONTAINER, SIBLING, NESTED, NR_OWNERS };

static const char *const owner_words[NR_OWNERS] = { "of the host", "of the container", "of its sibling", "nested in the container" };
static const char *const kinds[] = { "user", "net", "mnt", "pid", "uts", "ipc", "cgroup" };

#define NR_KINDS (int)(sizeof(kinds) / sizeof(kinds[0]))
#define ORDINARY_UID 1000
#define ADMIN CAPABILITY(CAP_SYS_ADMIN)

static const struct registrar {
	const char *property;
	const char *words;
	enum owner place;
	uid_t uid;
	uint64_t capabilities;	/* in effect, of those it has */
} registrars[] = {
	{ "registration-rights-host-root", "root of the host", HOST, 0, ALL_CAPABILITIES },
	{ "registration-rights-host-root-only-admin", "root of the host with no capability but CAP_SYS_ADMIN", HOST, 0, ADMIN },
	{ "registration-rights-host-root-but-admin", "root of the host with every capability but CAP_SYS_ADMIN", HOST, 0, ~ADMIN },
	{ "registration-rights-host-user", "a user of the host", HOST, ORDINARY_UID, 0 },
	{ "registration-rights-container-root", "root of the container", CONTAINER, 0, ALL_CAPABILITIES },
	{ "registration-rights-container-root-but-admin", "root of the container with every capability but CAP_SYS_ADMIN", CONTAINER,
	  0, ~ADMIN },
	{ "registration-rights-container-user", "a user of the container", CONTAINER, ORDINARY_UID, 0 },
	{ "registration-rights-sibling-root", "root of the sibling", SIBLING, 0, ALL_CAPABILITIES },
	{ "registration-rights-nested-root", "root of the nested container", NESTED, 0, ALL_CAPABILITIES },
};

static struct place places[NR_OWNERS];
/* By owner and kind. */
static int namespaces[NR_OWNERS][7];

/* What came of each try: an errno, 0 it was granted, -1 it was not tried. */
struct table {
	int named[NR_OWNERS][7];
	int none;
};

/* For good: this process is nobody else's. */
static void become(const struct registrar *registrar)
{
	if (registrar->place != HOST)
		require(!setns(namespaces[registrar->place][0], CLONE_NEWUSER), "setns: %s", strerror(errno));
	require(!setresgid(registrar->uid, registrar->uid, registrar->uid) && !setresuid(registrar->uid, registrar->uid, registrar->uid),
		"cannot become uid %u: %s", registrar->uid, strerror(errno));
	capabilities_keep(registrar->capabilities);
}

/* Registers, and at once takes it back. Nobody asks for keys of that type: whoever is granted it gets no request of others. */
static int try_one(int queue, int namespace)
{
	struct ks_registration registration = registration_new("ks-check-rights");

	if (namespace >= 0)
		registration_name(&registration, namespace);
	registration_tell(&registration, queue);
	if (ioctl(queue, KS_IOC_REGISTER, &registration))
		return errno;
	memset(registration.agent, 0, sizeof(registration.agent));
	require(!ioctl(queue, KS_IOC_WITHDRAW, &registration), "cannot withdraw what was just registered: %s", strerror(errno));
	return 0;
}

static bool is_tried(int kind)
{
	return mechanism.route == ROUTE_INTERCEPT || kind == 0;
}

static void try_all(const struct registrar *registrar, int result)
{
	int queue = open_queue();
	struct table table;

	become(registrar);
	for (int owner = 0; owner < NR_OWNERS; owner++)
		for (int kind = 0; kind < NR_KINDS; kind++)
			table.named[owner][kind] = is_tried(kind) ? try_one(queue, namespaces[owner][kind]) : -1;
	table.none = try_one(queue, -1);
	require(write(result, &table, sizeof(table)) == sizeof(table), "cannot tell what came of it");
}

static struct table table_of(const struct registrar *registrar)
{
	struct table table;
	int result[2];
	pid_t pid;

	require(!pipe2(result, O_CLOEXEC), "pipe: %s", strerror(errno));
	pid = fork_tied();
	if (!pid) {
		try_all(registrar, result[1]);
		_exit(0);
	}
	close(result[1]);
	require(read(result[0], &table, sizeof(table)) == sizeof(table), "%s ended without a word", registrar->words);
	close(result[0]);
	wait_killed(pid);
	return table;
}

static bool is_above(enum owner registrar, enum owner owner)
{
	return registrar != owner && (registrar == HOST || (registrar == CONTAINER && owner == NESTED));
}

/* Each place was made by root of the one above it. */
static bool is_capable(const struct registrar *registrar, enum owner owner)
{
	bool has_admin = registrar->uid == 0 && (registrar->capabilities & ADMIN);

	return registrar->place == owner ? has_admin : is_above(registrar->place, owner) && registrar->uid == 0;
}

/* With route userns, to name none is to name the namespace one is in; with intercept it means everybody. */
static int expected_for_none(const struct registrar *registrar)
{
	return is_capable(registrar, mechanism.route == ROUTE_USERNS ? registrar->place : HOST) ? 0 : EPERM;
}

static const char *word_of(int error)
{
	return error ? strerrorname_np(error) : "granted";
}

/* Kinds differ only if something is wrong: then each is said. */
static int describe_row(char *text, size_t size, enum owner owner, const int *row)
{
	bool alike = true;
	int at;

	for (int kind = 0; kind < NR_KINDS; kind++)
		alike &= !is_tried(kind) || row[kind] == row[0];
	if (alike)
		return snprintf(text, size, "%s namespace %s: %s; ", is_tried(1) ? "every kind of" : "user", owner_words[owner], word_of(row[0]));
	at = 0;
	for (int kind = 0; kind < NR_KINDS; kind++)
		at += snprintf(text + at, size - (size_t)at, "%s namespace %s: %s; ", kinds[kind], owner_words[owner], word_of(row[kind]));
	return at;
}

static void try_registrar(const struct registrar *registrar)
{
	struct table table = table_of(registrar);
	bool right = table.none == expected_for_none(registrar);
	char evidence[1400];
	int at = 0;

	for (int owner = 0; owner < NR_OWNERS; owner++) {
		int expected = is_capable(registrar, (enum owner)owner) ? 0 : EPERM;

		for (int kind = 0; kind < NR_KINDS; kind++)
			right &= !is_tried(kind) || table.named[owner][kind] == expected;
		at += describe_row(evidence + at, sizeof(evidence) - (size_t)at, (enum owner)owner, table.named[owner]);
	}
	decide(right, registrar->property, "%s registers for: %snone named: %s", registrar->words, evidence,
	       word_of(table.none));
}

/* Each capability alone, of root of the container, for its own user namespace. */
static void try_capabilities(void)
{
	char granted[256] = "";
	bool right = true;

	for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
		struct registrar registrar = { NULL, "one capability", CONTAINER, 0, CAPABILITY(capability) };
		int error = table_of(&registrar).named[CONTAINER][0];
		size_t at = strlen(granted);

		right &= (error == 0) == (capability == CAP_SYS_ADMIN);
		if (!error)
			snprintf(granted + at, sizeof(granted) - at, " %d", capability);
	}
	decide(right, "registration-rights-capability",
	       "root of the container with each of %d capabilities alone registers for its own user namespace: granted with%s "
	       "(CAP_SYS_ADMIN is %d)",
	       CAP_LAST_CAP + 1, *granted ? granted : " none", CAP_SYS_ADMIN);
}

void check_registration_rights(void)
{
	places[HOST] = place_new(NULL, 0, 0);
	places[CONTAINER] = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	places[SIBLING] = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	places[NESTED] = place_new(&places[CONTAINER], CONTAINER_NAMESPACES, 0);
	for (int owner = 0; owner < NR_OWNERS; owner++)
		for (int kind = 0; kind < NR_KINDS; kind++)
			namespaces[owner][kind] = namespace_open(places[owner].init, kinds[kind]);
	for (size_t i = 0; i < sizeof(registrars) / sizeof(registrars[0]); i++)
		try_registrar(&registrars[i]);
	try_capabilities();
	for (int owner = NR_OWNERS - 1; owner >= 0; owner--)
		place_end(&places[owner]);
}
