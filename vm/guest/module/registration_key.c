// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type "keyagent": registrations for the route "session". The description
 * of a key is the key type served, its payload says how to reach the agent. Beside
 * what all registrations have, a key can be revoked or expired (refuse, with that
 * error), and is withdrawn when it is no longer linked.
 */
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <keys/request_key_auth-type.h>

#include "registration.h"

/**
 * struct ks_agent_key - payload of a keyagent key
 * @service: who serves
 * @rcu: /proc/keys reads the payload under RCU
 */
struct ks_agent_key {
	struct ks_service service;
	struct rcu_head rcu;
};

enum { KS_PREP_PAYLOAD, KS_PREP_CRED };

static struct ks_agent_key *ks_payload_of(const struct key *key)
{
	return READ_ONCE(key->payload.data[0]);
}

/**
 * ks_service_of_key - who serves
 * @key: a keyagent key, positive
 */
struct ks_service *ks_service_of_key(const struct key *key)
{
	return &ks_payload_of(key)->service;
}

/**
 * ks_key_type_may_be_served - is an agent ever asked for keys of this type?
 * @name: a well-formed name; the type itself may be registered later, or never
 *
 * Keyrings are not requested, the kernel's own types begin with a dot, and a
 * registration is not made by another agent.
 */
bool ks_key_type_may_be_served(const char *name)
{
	return name[0] != '.' && strcmp(name, "keyring") && !strstarts(name, KS_KEY_TYPE_AGENT);
}

/**
 * ks_key_type_is_well_formed - may a key type have this name?
 * @name: the name; "" may stand for any
 */
bool ks_key_type_is_well_formed(const char *name)
{
	const char *at;

	for (at = name; *at; at++)
		if (!isascii(*at) || !isgraph(*at))
			return false;
	return at - name < KS_KEY_TYPE_NAME_MAX;
}

static int ks_registration_vet_description(const char *description)
{
	if (!*description || !ks_key_type_is_well_formed(description))
		return -EINVAL;
	return ks_key_type_may_be_served(description) ? 0 : -EOPNOTSUPP;
}

/*
 * Runs before any lock is taken, so here is everything that may sleep or fail.
 * Finding a signal agent may give the caller a process keyring, hence new
 * credentials, while our caller goes on using the old ones: hold those until
 * free_preparse().
 */
static int ks_registration_preparse(struct key_preparsed_payload *prep)
{
	struct ks_agent_key *payload;
	struct ks_agent *agent;
	int ret;

	prep->payload.data[KS_PREP_CRED] = (void *)get_current_cred();
	agent = ks_delivery_find(prep->data, prep->datalen);
	if (IS_ERR(agent))
		return PTR_ERR(agent);

	ret = -ENOMEM;
	payload = kzalloc(sizeof(*payload), GFP_KERNEL);
	if (!payload)
		goto out;
	prep->payload.data[KS_PREP_PAYLOAD] = payload;
	prep->quotalen = prep->datalen;
	ret = ks_service_init(&payload->service, agent);
out:
	ks_agent_put(agent);
	return ret;
}

static void ks_registration_free_preparse(struct key_preparsed_payload *prep)
{
	struct ks_agent_key *payload = prep->payload.data[KS_PREP_PAYLOAD];

	if (payload) {
		ks_service_release(&payload->service);
		kfree(payload);
	}
	put_cred(prep->payload.data[KS_PREP_CRED]);
}

static int ks_registration_instantiate(struct key *key, struct key_preparsed_payload *prep)
{
	int ret = key_payload_reserve(key, prep->quotalen);

	if (!ret) {
		rcu_assign_keypointer(key, prep->payload.data[KS_PREP_PAYLOAD]);
		prep->payload.data[KS_PREP_PAYLOAD] = NULL;
	}
	return ret;
}

/* Re-attach: the old agent goes with the preparsed payload. */
static int ks_registration_update(struct key *key, struct key_preparsed_payload *prep)
{
	struct ks_agent_key *fresh = prep->payload.data[KS_PREP_PAYLOAD];
	int ret;

	if (test_bit(KEY_FLAG_REVOKED, &key->flags))
		return -EKEYREVOKED;
	if (!key_is_positive(key))
		return ks_registration_instantiate(key, prep);
	if (!ks_may_reattach(&ks_service_of_key(key)->first, &fresh->service.first))
		return -EACCES;
	ret = key_payload_reserve(key, prep->quotalen);
	if (!ret)
		ret = ks_service_reattach(ks_service_of_key(key), &fresh->service);
	/* As for other keys: one that is updated no longer expires when its old payload would have. */
	if (!ret)
		key->expiry = prep->expiry;
	return ret;
}

static void ks_registration_revoke(struct key *key)
{
	if (key_is_positive(key))
		ks_service_withdraw(ks_service_of_key(key), -EKEYREVOKED);
}

static void ks_registration_destroy(struct key *key)
{
	struct ks_agent_key *payload = ks_payload_of(key);

	if (!payload)
		return;
	ks_service_release(&payload->service);
	kfree_rcu(payload, rcu);
}

static void ks_registration_describe(const struct key *key, struct seq_file *seq)
{
	seq_puts(seq, key->description);
	if (key_is_positive(key) && ks_payload_of(key))
		ks_service_describe(ks_service_of_key(key), seq);
}

/* Not 0: to whoever waits for the key it shall be a negative one, not an expired one. */
#define KS_REFUSED_SEARCH_S 1

/*
 * Registrations are made by add_key(2); nobody is asked for one. The key that
 * was to be one is taken out of its keyring, where, once expired, it would look
 * like a registration that has expired. Whoever asked for the same at the same time
 * has it in another: an invalidated key is taken out of every keyring.
 */
static int ks_registration_request_key(struct key *authkey, void *aux)
{
	const struct request_key_auth *rka = get_request_key_auth(authkey);

	if (rka->dest_keyring)
		key_unlink(rka->dest_keyring, rka->target_key);
	/* First, so that nobody takes the negative key for one to be updated. */
	key_invalidate(rka->target_key);
	key_reject_and_link(rka->target_key, KS_REFUSED_SEARCH_S, ENOKEY, NULL, authkey);
	return 0;
}

struct key_type ks_key_type_agent = {
	.name = KS_KEY_TYPE_AGENT,
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
