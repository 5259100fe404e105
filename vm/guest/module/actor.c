// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request for a key meets, in the requester's task: route (which knows the
 * rule), state, delivery. Whatever happens, the key has been completed on return, so
 * the requester gets exactly the errno that was decided here.
 */
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <keys/request_key_auth-type.h>

#include "keystorm.h"

static int ks_ask_agent(const struct ks_route *route, struct key *authkey, void *aux)
{
	u64 entered = ks_stage_now();
	struct ks_attachment attachment;
	int ret = route->find(get_request_key_auth(authkey), &attachment);

	if (ret == -ENOENT)
		return ks_fallback(authkey, aux);
	if (ret) {
		ks_refuse(authkey, ret);
		return 0;
	}

	if (ks_agent_is_live(&attachment)) {
		ks_upcall_serve(&attachment, authkey, entered);
	} else {
		ks_count(KS_DEAD);
		ks_refuse(authkey, -ENOKEY);
	}
	ks_agent_put(attachment.agent);
	return 0;
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
	case KS_MODE_USERNS:
		return ks_ask_agent(&ks_route_userns, authkey, aux);
	case KS_MODE_INTERCEPT:
		return ks_ask_agent(&ks_route_intercept, authkey, aux);
	default:
		/* Switched off since the kernel looked: what it would do now. */
		return ks_legacy_call(authkey, aux);
	}
}

/**
 * ks_actor - stands in for call_sbin_request_key()
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
