// SPDX-License-Identifier: MIT
/*
 * ks-answer: the host's helper, which answers from the namespaces it is executed in: the init namespaces. See upcall.h; keyutils'
 * request-key executes it by its rule for descriptions that begin with "ks:".
 */
#include "start.h"
#include "upcall.h"

int ks_start(const long *stack)
{
	struct upcall upcall;
	enum exit_status status = upcall_begin(&upcall, stack);

	if (status)
		return status;
	if (upcall_is_of_type(&upcall, "dns_resolver") || upcall_is_of_type(&upcall, "usermode_helper"))
		return upcall_become_by_type(&upcall, upcall_open_by_type(), false);
	return upcall_answer(&upcall);
}
