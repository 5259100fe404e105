// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entitling an agent to answer with keyctl(2): the authorisation key is in a
 * keyring of the agent's for as long as the request lasts.
 */
#include <linux/key.h>

#include "keystorm.h"

static void ks_authority_remove(struct ks_upcall *upcall, bool for_good)
{
	struct key *keyring;
	unsigned long flags;

	spin_lock_irqsave(&upcall->agent->lock, flags);
	keyring = upcall->keyring;
	upcall->keyring = NULL;
	if (for_good)
		upcall->concluded = true;
	spin_unlock_irqrestore(&upcall->agent->lock, flags);
	if (!keyring)
		return;
	key_unlink(keyring, upcall->authkey);
	key_put(keyring);
}

/**
 * ks_authority_give - link the authorisation key into a keyring
 * @upcall: the upcall; its authority is nowhere at present
 * @keyring: the agent's; the reference becomes the upcall's
 *
 * May sleep. The request may end meanwhile: either its requester finds the
 * keyring and unlinks, or we find that it is over and do.
 *
 * Return: 0; -ESRCH the request is over; -EDQUOT and what else key_link() says.
 * The authority is nowhere then.
 */
int ks_authority_give(struct ks_upcall *upcall, struct key *keyring)
{
	unsigned long flags;
	int ret = key_validate(keyring);

	if (!ret)
		ret = key_link(keyring, upcall->authkey);
	if (ret)
		goto put;

	spin_lock_irqsave(&upcall->agent->lock, flags);
	if (upcall->concluded)
		ret = -ESRCH;
	else
		upcall->keyring = keyring;
	spin_unlock_irqrestore(&upcall->agent->lock, flags);
	if (!ret)
		return 0;
	key_unlink(keyring, upcall->authkey);
put:
	key_put(keyring);
	return ret;
}

/**
 * ks_authority_take_back - whoever had the authority shall not have it after all
 * @upcall: the upcall; may be given to another
 */
void ks_authority_take_back(struct ks_upcall *upcall)
{
	ks_authority_remove(upcall, false);
}

/**
 * ks_authority_end - the request is over: nobody has the authority from now on
 * @upcall: the upcall
 *
 * May sleep. The kernel's collector unlinks the authorisation key as well, later;
 * until then it would count against the agent's quota.
 */
void ks_authority_end(struct ks_upcall *upcall)
{
	ks_authority_remove(upcall, true);
}
