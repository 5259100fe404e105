// SPDX-License-Identifier: MIT
#include "round_key.h"

#include <stdbool.h>
#include <string.h>

#include "../common/keys.h"

/* Of what KEYCTL_DESCRIBE says: "user;<uid>;<gid>;<permissions>;ks:…" */
#define TYPE "user;"
#define DESCRIPTION ";ks:"
#define DESCRIBED_MAX 256
/* More than there are: one failed round's key, and what else is in a container's session keyring. */
#define LINKS_MAX 64

static bool is_of_a_round(ks_key_serial key)
{
	char text[DESCRIBED_MAX + 1] = "";

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, text, DESCRIBED_MAX) < 0)
		return false;
	return strncmp(text, TYPE, strlen(TYPE)) == 0 && strstr(text, DESCRIPTION);
}

/* A request that failed has no serial to tell, but it leaves a negative key. */
static void drop_unknown(void)
{
	ks_key_serial links[LINKS_MAX];
	long bytes = ks_key_read(KEY_SPEC_SESSION_KEYRING, links, sizeof(links));

	/* The kernel copies nothing when not all would fit. */
	if (bytes > (long)sizeof(links))
		return;
	for (long i = 0; i < bytes / (long)sizeof(links[0]); i++)
		if (is_of_a_round(links[i]))
			ks_key_unlink(links[i], KEY_SPEC_SESSION_KEYRING);
}

void round_key_drop(struct ks_ledger_container *container)
{
	ks_key_serial key = atomic_exchange(&container->round_key, 0);

	if (key == 0 || ks_key_unlink(key, KEY_SPEC_SESSION_KEYRING))
		drop_unknown();
}
