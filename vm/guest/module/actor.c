// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request for a key meets, in the requester's task: route, eligibility,
 * state, delivery. Whatever happens, the key has been completed on return, so
 * the requester gets exactly the errno that was decided here.
 */
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <keys/request_key_auth-type.h>

#include "keystorm.h"

/*
 * The requester is the task. But who can assume the authority gets at the
 * keyrings of the credentials in it, which are someone else's when the task
 * itself serves a request, or asks under borrowed credentials.
 */
static bool ks_candidate_may_serve(const struct ks_candidate *candidate, const struct request_key_auth *rka)
{
	const struct ks_agent *agent = candidate->attachment.agent;

	return ks_may_serve(&candidate->registrar, current_real_cred()) &&
	       (!agent || !agent->delivery->hands_authority || rka->cred == current_real_cred() ||
		ks_may_serve(&candidate->registrar, rka->cred));
}

static int ks_ask_agent(const struct ks_route *route, struct key *authkey, void *aux)
{
	const struct request_key_auth *rka = get_request_key_auth(authkey);
	u64 entered = ks_stage_now();
	struct ks_candidate candidate;
	int ret = route->find(rka->target_key->type->name, &candidate);

	if (ret == -ENOENT)
		return ks_fallback(authkey, aux);
	if (ret) {
		ks_refuse(authkey, ret);
		return 0;
	}

	if (!ks_candidate_may_serve(&candidate, rka)) {
		ks_count(KS_INELIGIBLE);
		ret = ks_fallback(authkey, aux);
	} else if (!ks_agent_is_live(&candidate.attachment)) {
		ks_count(KS_DEAD);
		ks_refuse(authkey, -ENOKEY);
	} else {
		ks_upcall_serve(&candidate.attachment, authkey, entered);
	}
	ks_agent_put(candidate.attachment.agent);
	return ret;
}

/* The floor: the key machinery alone. */
static void ks_answer_null(struct key *authkey)
{
	static const char payload[] = "null";
	struct key *key = get_request_key_auth(authkey)->target_key;
	int ret = key_instantiate_and_link(key, payload, strlen(payload), NULL, authkey);

	if (ret)
		ks_refuse(authkey, ret);
	else
		ks_count(KS_NULL);
}

static int ks_act(struct key *authkey, void *aux)
{
	switch (ks_mode()) {
	case KS_MODE_NULL:
		ks_answer_null(authkey);
		return 0;
	case KS_MODE_SESSION:
		return ks_ask_agent(&ks_route_session, authkey, aux);
	default:
		/* Switched off since the kernel looked: what it would do now. */
		return ks_legacy_call(authkey, aux);
	}
}

/**
 * ks_actor - the request_key operation of the key types we serve
 * @authkey: authorisation key of the key under construction
 * @aux: the requester's, for the kernel's own path
 *
 * The module cannot go while a request is in here. A request that arrives when
 * it is already going is refused: that takes no time, and the kernel's path might.
 *
 * Return: 0 with the key completed, or what the kernel's own path says.
 */
int ks_actor(struct key *authkey, void *aux)
{
	int ret = 0;

	ks_count(KS_IN_FLIGHT);
	if (try_module_get(THIS_MODULE)) {
		ret = ks_act(authkey, aux);
		module_put(THIS_MODULE);
	} else {
		ks_refuse(authkey, -ENOKEY);
	}
	ks_uncount(KS_IN_FLIGHT);
	return ret;
}

/**
 * ks_actor_drain - wait until no task runs in the actor
 *
 * After unhooking, with no module reference left. The first grace period is for
 * tasks that have read the hook and not yet counted themselves, the wait for
 * those being refused, the second for those that have just uncounted themselves.
 */
void ks_actor_drain(void)
{
	synchronize_rcu_tasks();
	while (ks_counted(KS_IN_FLIGHT))
		msleep(1);
	synchronize_rcu_tasks();
}
