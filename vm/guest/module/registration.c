// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type "keyagent". A key of it is a registration: its description is
 * the key type served, its payload says how to reach the agent. It outlives the
 * agent. States: live, dead (refuse at once), revoked or expired (refuse, with
 * that error), withdrawn (no such key any more).
 */
#include <linux/cred.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <keys/request_key_auth-type.h>

#include "keystorm.h"

/**
 * struct ks_registration - payload of a keyagent key
 * @lock: of what follows
 * @attachment: the agent
 * @first: who registered; the most that a re-attachment may claim
 * @registrar: who attached the present agent
 * @rcu: /proc/keys reads the payload under RCU
 */
struct ks_registration {
	spinlock_t lock;
	struct ks_attachment attachment;
	struct ks_identity first;
	struct ks_identity registrar;
	struct rcu_head rcu;
};

enum { KS_PREP_REGISTRATION, KS_PREP_CRED };

static struct ks_registration *ks_registration_of(const struct key *key)
{
	return READ_ONCE(key->payload.data[0]);
}

static int ks_registration_vet_description(const char *description)
{
	return ks_hook_serves(description) ? 0 : -EOPNOTSUPP;
}

/*
 * Runs before any lock is taken, so here is everything that may sleep or fail.
 * Finding a signal agent may give the caller a process keyring, hence new
 * credentials, while our caller goes on using the old ones: hold those until
 * free_preparse().
 */
static int ks_registration_preparse(struct key_preparsed_payload *prep)
{
	struct ks_registration *registration;
	struct ks_agent *agent;
	int ret;

	prep->payload.data[KS_PREP_CRED] = (void *)get_current_cred();
	agent = ks_delivery_find(prep->data, prep->datalen);
	if (IS_ERR(agent))
		return PTR_ERR(agent);

	ret = -ENOMEM;
	registration = kzalloc(sizeof(*registration), GFP_KERNEL);
	if (!registration)
		goto out;
	spin_lock_init(&registration->lock);
	ks_identity_of_current(&registration->first);
	registration->registrar = registration->first;
	ret = ks_agent_attach(agent, &registration->attachment);
	prep->payload.data[KS_PREP_REGISTRATION] = registration;
	prep->quotalen = prep->datalen;
out:
	ks_agent_put(agent);
	return ret;
}

static void ks_registration_free_preparse(struct key_preparsed_payload *prep)
{
	struct ks_registration *registration = prep->payload.data[KS_PREP_REGISTRATION];

	if (registration) {
		ks_agent_detach(&registration->attachment, -ENOKEY);
		kfree(registration);
	}
	put_cred(prep->payload.data[KS_PREP_CRED]);
}

static int ks_registration_instantiate(struct key *key, struct key_preparsed_payload *prep)
{
	int ret = key_payload_reserve(key, prep->quotalen);

	if (!ret) {
		rcu_assign_keypointer(key, prep->payload.data[KS_PREP_REGISTRATION]);
		prep->payload.data[KS_PREP_REGISTRATION] = NULL;
	}
	return ret;
}

/* Re-attach: exchange the agents; the old one goes with the preparsed payload. */
static int ks_registration_update(struct key *key, struct key_preparsed_payload *prep)
{
	struct ks_registration *registration = ks_registration_of(key);
	struct ks_registration *fresh = prep->payload.data[KS_PREP_REGISTRATION];
	int ret;

	if (test_bit(KEY_FLAG_REVOKED, &key->flags))
		return -EKEYREVOKED;
	if (!key_is_positive(key))
		return ks_registration_instantiate(key, prep);
	if (!ks_may_reattach(&registration->first, &fresh->first))
		return -EACCES;
	ret = key_payload_reserve(key, prep->quotalen);
	if (ret)
		return ret;

	spin_lock(&registration->lock);
	swap(registration->attachment, fresh->attachment);
	registration->registrar = fresh->registrar;
	spin_unlock(&registration->lock);
	return 0;
}

static void ks_registration_withdraw(struct ks_registration *registration, int error)
{
	struct ks_attachment attachment;

	spin_lock(&registration->lock);
	attachment = registration->attachment;
	registration->attachment.agent = NULL;
	spin_unlock(&registration->lock);
	ks_agent_detach(&attachment, error);
}

static void ks_registration_revoke(struct key *key)
{
	if (key_is_positive(key))
		ks_registration_withdraw(ks_registration_of(key), -EKEYREVOKED);
}

static void ks_registration_destroy(struct key *key)
{
	struct ks_registration *registration = ks_registration_of(key);

	if (!registration)
		return;
	ks_registration_withdraw(registration, -ENOKEY);
	kfree_rcu(registration, rcu);
}

static void ks_registration_describe(const struct key *key, struct seq_file *seq)
{
	struct ks_registration *registration = ks_registration_of(key);
	const struct ks_agent *agent;

	seq_puts(seq, key->description);
	if (!key_is_positive(key) || !registration)
		return;
	spin_lock(&registration->lock);
	agent = registration->attachment.agent;
	if (agent)
		seq_printf(seq, ": %s %s", agent->delivery->name,
			   ks_agent_is_live(&registration->attachment) ? "live" : "dead");
	spin_unlock(&registration->lock);
}

/* Not 0: to whoever has just found the key it shall be a negative one, not an expired one. */
#define KS_REFUSED_SEARCH_S 1

/*
 * Registrations are made by add_key(2); nobody is asked for one. The key that
 * was to be one is taken out of its keyring, where, once expired, it would look
 * like a registration that has expired.
 */
static int ks_registration_request_key(struct key *authkey, void *aux)
{
	const struct request_key_auth *rka = get_request_key_auth(authkey);

	if (rka->dest_keyring)
		key_unlink(rka->dest_keyring, rka->target_key);
	key_reject_and_link(rka->target_key, KS_REFUSED_SEARCH_S, ENOKEY, NULL, authkey);
	return 0;
}

struct key_type ks_key_type_agent = {
	.name = "keyagent",
	.vet_description = ks_registration_vet_description,
	.preparse = ks_registration_preparse,
	.free_preparse = ks_registration_free_preparse,
	.instantiate = ks_registration_instantiate,
	.update = ks_registration_update,
	.revoke = ks_registration_revoke,
	.destroy = ks_registration_destroy,
	.describe = ks_registration_describe,
	.request_key = ks_registration_request_key,
};

/**
 * ks_registration_read - who serves, as of now
 * @key: a keyagent key, positive; the caller has a reference
 * @candidate: filled in; its agent, if any, with a reference
 */
void ks_registration_read(const struct key *key, struct ks_candidate *candidate)
{
	struct ks_registration *registration = ks_registration_of(key);

	spin_lock(&registration->lock);
	candidate->attachment = registration->attachment;
	candidate->registrar = registration->registrar;
	if (candidate->attachment.agent)
		ks_agent_get(candidate->attachment.agent);
	spin_unlock(&registration->lock);
}
