// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every registration has in common, however it is made and found: an agent,
 * who attached it, whom it may serve, and who may exchange it. It outlives the
 * agent: live, dead (refuse at once), withdrawn.
 */
#include <linux/cred.h>
#include <linux/seq_file.h>
#include <keys/request_key_auth-type.h>

#include "registration.h"

/**
 * ks_service_init - the current task registers an agent
 * @service: zeroed memory
 * @agent: the caller has a reference
 *
 * May sleep. Call ks_service_release(), whatever this returns.
 *
 * Return: 0; -ENOMEM; -EBUSY the agent serves another registration, or its queue is used
 *	otherwise; -EBADF it is dead.
 */
int ks_service_init(struct ks_service *service, struct ks_agent *agent)
{
	int ret;

	spin_lock_init(&service->lock);
	ret = ks_identity_of_current(&service->first);
	if (ret)
		return ret;
	ks_identity_copy(&service->registrar, &service->first);
	return ks_agent_attach(agent, &service->attachment);
}

/*
 * The requester is the task. But the credentials of the request are someone
 * else's when the task itself serves a request, or asks under borrowed
 * credentials: who can assume the authority gets at the keyrings of those, and
 * whatever the answer is, it lands where they keep it. dns_query() keeps it in a
 * cache that the whole kernel shares, under credentials that are to keep
 * anybody from planting answers there.
 */
static bool ks_service_may_serve(const struct ks_service *service, const struct request_key_auth *rka)
{
	const struct ks_identity *registrar = &service->registrar;
	const struct cred *requester = current_real_cred();

	return ks_may_serve(registrar, requester) && (rka->cred == requester || ks_may_serve(registrar, rka->cred));
}

/**
 * ks_service_offer - may this registration serve the current request?
 * @service: what a route has found; withdrawn perhaps while it looked
 * @rka: the request
 * @attachment: filled in, on 0, with a reference; its agent may be dead
 *
 * The requester's task; does not sleep. Counts those it turns away.
 *
 * Return: 0; -EPERM it may not; -ENOENT it is withdrawn.
 */
int ks_service_offer(struct ks_service *service, const struct request_key_auth *rka, struct ks_attachment *attachment)
{
	int ret = 0;

	spin_lock(&service->lock);
	if (!service->attachment.agent) {
		ret = -ENOENT;
	} else if (!ks_service_may_serve(service, rka)) {
		ret = -EPERM;
	} else {
		*attachment = service->attachment;
		ks_agent_get(attachment->agent);
	}
	spin_unlock(&service->lock);
	if (ret == -EPERM)
		ks_count(KS_INELIGIBLE);
	return ret;
}

/**
 * ks_service_reattach - exchange the agents of two registrations
 * @service: gets the agent, and the registrar, of @fresh
 * @fresh: of the current task, seen by nobody; gets what @service had
 *
 * Return: 0, or -EACCES: the task may not.
 */
int ks_service_reattach(struct ks_service *service, struct ks_service *fresh)
{
	if (!ks_may_reattach(&service->first, &fresh->first))
		return -EACCES;
	spin_lock(&service->lock);
	swap(service->attachment, fresh->attachment);
	swap(service->registrar, fresh->registrar);
	spin_unlock(&service->lock);
	return 0;
}

/**
 * ks_service_withdraw - nobody serves any more
 * @service: the registration; may be withdrawn already
 * @error: what the requesters still waiting are told
 */
void ks_service_withdraw(struct ks_service *service, int error)
{
	struct ks_attachment attachment;

	spin_lock(&service->lock);
	attachment = service->attachment;
	service->attachment.agent = NULL;
	spin_unlock(&service->lock);
	ks_agent_detach(&attachment, error);
}

/**
 * ks_service_release - give back all that a registration holds
 * @service: zeroed, or after ks_service_init(), whatever that returned; its memory, and
 *	what its identities remember, stays for readers under RCU
 */
void ks_service_release(struct ks_service *service)
{
	if (!service->first.user_ns)
		return;
	ks_service_withdraw(service, -ENOKEY);
	ks_namespace_put(service->first.user_ns);
	ks_namespace_put(service->registrar.user_ns);
}

/**
 * ks_service_describe - delivery and state, for /proc/keys
 * @service: the registration
 * @seq: where to
 */
void ks_service_describe(struct ks_service *service, struct seq_file *seq)
{
	const struct ks_agent *agent;

	spin_lock(&service->lock);
	agent = service->attachment.agent;
	if (agent)
		seq_printf(seq, ": %s %s", agent->delivery->name,
			   ks_agent_is_live(&service->attachment) ? "live" : "dead");
	spin_unlock(&service->lock);
}
