// SPDX-License-Identifier: MIT
#include "authority.h"

#include <errno.h>

int ks_authority_assume(const struct ks_agent *agent, struct ks_question *question)
{
	if (syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, question->serial) < 0)
		return -1;
	question->stages.assumed = ks_agent_stamp(agent);
	return 0;
}

void ks_authority_leave(void)
{
	syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, 0);
}

static long instantiate(const struct ks_question *question, const struct ks_reply *reply)
{
	if (reply->error)
		return syscall(SYS_keyctl, KEYCTL_REJECT, question->serial, reply->seconds, reply->error, 0);
	if (reply->lifetime_s > 0)
		syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, question->serial, reply->lifetime_s);
	return syscall(SYS_keyctl, KEYCTL_INSTANTIATE, question->serial, reply->bytes, reply->size, 0);
}

int ks_authority_give(const struct ks_question *question, const struct ks_reply *reply)
{
	int error;

	if (!instantiate(question, reply))
		return 0;
	error = errno;
	/* Completion takes the authority away; a request that was lost to a timeout leaves it behind. */
	if (error == EBUSY || error == ENOKEY)
		ks_authority_leave();
	errno = error;
	return -1;
}

int ks_authority_give_malformed(const struct ks_question *question, enum ks_malformed way)
{
	static char huge[KS_HUGE];
	long result;

	if (way == KS_MALFORMED_HUGE)
		result = syscall(SYS_keyctl, KEYCTL_INSTANTIATE, question->serial, huge, sizeof(huge), 0);
	else
		result = syscall(SYS_keyctl, KEYCTL_REJECT, question->serial, KS_AGENT_REJECTION_S,
				 way == KS_MALFORMED_EMPTY ? 0 : KS_KERNEL_ERROR, 0);
	return result < 0 ? -1 : 0;
}
