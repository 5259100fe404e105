// SPDX-License-Identifier: GPL-2.0-only
/* The two ways kernel code asks for a key: dns_query(), and request_key() with or without borrowed credentials. */
#include <linux/cred.h>
#include <linux/dns_resolver.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init_task.h>
#include <linux/key-type.h>
#include <linux/key.h>
#include <linux/keyctl.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "keystorm.h"
#include "probe.h"

/* Not exported. The first returns with key_types_sem held for reading, the second lets go of it. */
static struct key_type *(*ksp_key_type_lookup)(const char *name);
static void (*ksp_key_type_put)(struct key_type *type);

/* What cifs.spnego and its like ask with: root's credentials, whose thread keyring takes the keys. */
static struct cred *ksp_borrowed;

static struct cred *ksp_credentials_to_borrow(void)
{
	struct cred *cred = prepare_kernel_cred(&init_task);
	struct key *keyring;

	if (!cred)
		return ERR_PTR(-ENOMEM);
	keyring = keyring_alloc(".keystorm_probe", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, cred,
				(KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW | KEY_USR_READ,
				KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
	if (IS_ERR(keyring)) {
		put_cred(cred);
		return ERR_CAST(keyring);
	}
	/* As for .dns_resolver: root may empty it, which a check does between requests. */
	set_bit(KEY_FLAG_ROOT_CAN_CLEAR, &keyring->flags);
	cred->thread_keyring = keyring;
	cred->jit_keyring = KEY_REQKEY_DEFL_THREAD_KEYRING;
	return cred;
}

/**
 * ksp_query_init - find and make what asking takes
 *
 * Return: 0, -ENOENT when the kernel lacks a symbol, -ENOMEM, or what keyring_alloc() says.
 */
int ksp_query_init(void)
{
	ksp_key_type_lookup = ks_symbol("key_type_lookup");
	ksp_key_type_put = ks_symbol("key_type_put");
	if (!ksp_key_type_lookup || !ksp_key_type_put)
		return -ENOENT;
	ksp_borrowed = ksp_credentials_to_borrow();
	return PTR_ERR_OR_ZERO(ksp_borrowed);
}

/**
 * ksp_query_exit - give the credentials back, with their keyring; nobody asks any more
 */
void ksp_query_exit(void)
{
	key_revoke(ksp_borrowed->thread_keyring);
	put_cred(ksp_borrowed);
}

/**
 * ksp_dns_query - resolve a name as a file system does
 * @request: the name is its description; the answer becomes its payload
 *
 * The network namespace is passed explicitly, as every caller of dns_query() must.
 *
 * Return: 0, or what dns_query() says, or -EMSGSIZE.
 */
int ksp_dns_query(struct ksp_request *request)
{
	char *result = NULL;
	int len;

	if (request->flags || request->type[0])
		return -EINVAL;
	len = dns_query(current->nsproxy->net_ns, NULL, request->description, strlen(request->description),
			request->callout[0] ? request->callout : NULL, &result, NULL, false);
	if (len < 0)
		return len;
	if (len <= sizeof(request->payload)) {
		memcpy(request->payload, result, len);
		request->payload_len = len;
	}
	kfree(result);
	return len <= sizeof(request->payload) ? 0 : -EMSGSIZE;
}

static int ksp_read(struct key *key, struct ksp_request *request)
{
	long len;

	if (!key->type->read)
		return -EOPNOTSUPP;
	down_read(&key->sem);
	len = key_validate(key);
	if (!len)
		len = key->type->read(key, request->payload, sizeof(request->payload));
	up_read(&key->sem);
	if (len < 0)
		return len;
	if (len > sizeof(request->payload))
		return -EMSGSIZE;
	request->payload_len = len;
	return 0;
}

/**
 * ksp_request_key - ask for a key of any type
 * @request: what for; serial and payload are filled in
 *
 * Return: 0, -ENOPKG when there is no such type, what the request came to, or what ksp_read() says.
 */
int ksp_request_key(struct ksp_request *request)
{
	const struct cred *own = NULL;
	char *callout = NULL;
	struct key_type *type;
	struct key *key;
	int ret;

	if (request->flags & ~(KSP_BORROWED | KSP_LONG_CALLOUT))
		return -EINVAL;
	if (request->flags & KSP_LONG_CALLOUT) {
		callout = kmalloc(KSP_LONG + 1, GFP_KERNEL);
		if (!callout)
			return -ENOMEM;
		memset(callout, 'x', KSP_LONG);
		callout[KSP_LONG] = '\0';
	}
	type = ksp_key_type_lookup(request->type);
	if (IS_ERR(type)) {
		kfree(callout);
		return -ENOPKG;
	}
	if (request->flags & KSP_BORROWED)
		own = ks_override_creds(ksp_borrowed);
	key = request_key(type, request->description, callout ?: request->callout);
	if (own)
		ks_revert_creds(own);
	if (IS_ERR(key)) {
		ret = PTR_ERR(key);
	} else {
		request->serial = key_serial(key);
		ret = ksp_read(key, request);
		key_put(key);
	}
	ksp_key_type_put(type);
	kfree(callout);
	return ret;
}
