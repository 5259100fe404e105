// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type: a process that waits for signals. RFC: no update, so that adding one
 * again puts another key in its place; no revoke, so that its agent is never let go.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <keys/user-type.h>

#include "rfc.h"

#define RFC_PREFIX "signal:"
#define RFC_PAYLOAD_MAX 16

static int rfc_parse(const char *payload, size_t size, int *signo)
{
	const size_t prefix = strlen(RFC_PREFIX);
	char text[RFC_PAYLOAD_MAX + 1];
	unsigned int number;

	if (size <= prefix || size > RFC_PAYLOAD_MAX || memchr(payload, '\0', size) || memcmp(payload, RFC_PREFIX, prefix))
		return -EINVAL;
	memcpy(text, payload, size);
	text[size] = '\0';
	/* kstrtouint() takes a sign, and a newline at the end. */
	if (!isdigit(text[prefix]) || !isdigit(text[size - 1]) || kstrtouint(text + prefix, 10, &number))
		return -EINVAL;
	/* RFC: realtime signals alone; whether the agent blocks it is its own affair. */
	if (number < SIGRTMIN || number > SIGRTMAX)
		return -EINVAL;
	*signo = number;
	return 0;
}

/* RFC: in instantiate(); the caller is the same. */
static int rfc_keyagent_preparse(struct key_preparsed_payload *prep)
{
	struct rfc_keyagent *keyagent;
	int signo, ret;

	ret = rfc_parse(prep->data, prep->datalen, &signo);
	if (ret)
		return ret;
	keyagent = kzalloc(sizeof(*keyagent), GFP_KERNEL);
	if (!keyagent)
		return -ENOMEM;
	keyagent->pid = get_pid(task_pid(current));
	keyagent->signo = signo;
	prep->payload.data[0] = keyagent;
	prep->quotalen = sizeof(*keyagent);
	return 0;
}

static void rfc_keyagent_free(struct rfc_keyagent *keyagent)
{
	if (!keyagent)
		return;
	put_pid(keyagent->pid);
	kfree(keyagent);
}

static void rfc_keyagent_free_preparse(struct key_preparsed_payload *prep)
{
	rfc_keyagent_free(prep->payload.data[0]);
}

static void rfc_keyagent_destroy(struct key *key)
{
	rfc_keyagent_free(key->payload.data[0]);
}

struct key_type rfc_key_type_keyagent = {
	.name = "keyagent_rfc",
	.def_datalen = sizeof(struct rfc_keyagent),
	.preparse = rfc_keyagent_preparse,
	.free_preparse = rfc_keyagent_free_preparse,
	.instantiate = generic_key_instantiate,
	.destroy = rfc_keyagent_destroy,
	.describe = user_describe,
};
