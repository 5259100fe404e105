// SPDX-License-Identifier: GPL-2.0-only
/* The deliveries there are, by the names they have in a registration's payload. */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "keystorm.h"

/* The longest name, a colon and any 32-bit number fit. */
#define KS_PAYLOAD_MAX 32

static const struct ks_delivery * const ks_deliveries[] = {
	&ks_delivery_signal,
	&ks_delivery_fd_write,
	&ks_delivery_fd_keyctl,
};

/**
 * ks_delivery_find - the agent that a payload means
 * @payload: "<delivery>:<number>", not terminated
 * @size: its length
 *
 * Return: a new reference; -EINVAL malformed, or what the delivery says.
 */
struct ks_agent *ks_delivery_find(const char *payload, size_t size)
{
	char text[KS_PAYLOAD_MAX + 1];
	unsigned int argument;
	char *number;
	size_t i;

	if (!size || size > KS_PAYLOAD_MAX || memchr(payload, '\0', size))
		return ERR_PTR(-EINVAL);
	memcpy(text, payload, size);
	text[size] = '\0';
	number = strchr(text, ':');
	if (!number)
		return ERR_PTR(-EINVAL);
	*number++ = '\0';
	/* kstrtouint() takes a sign, and a newline at the end. */
	if (!isdigit(*number) || !isdigit(text[size - 1]) || kstrtouint(number, 10, &argument))
		return ERR_PTR(-EINVAL);

	for (i = 0; i < ARRAY_SIZE(ks_deliveries); i++)
		if (!strcmp(ks_deliveries[i]->name, text))
			return ks_deliveries[i]->find(argument);
	return ERR_PTR(-EINVAL);
}
