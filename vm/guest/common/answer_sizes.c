// SPDX-License-Identifier: MIT
#include "answer_sizes.h"

#include "answer.h"

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One size, up to what follows it. */
static int take_size(const char **text, uint32_t *bytes)
{
	const char *at = *text;
	uint32_t size = 0;

	for (; is_digit(*at) && size <= KS_ANSWER_MAX; at++)
		size = size * 10 + (uint32_t)(*at - '0');
	if (at == *text || size < KS_ANSWER_MIN || size > KS_ANSWER_MAX)
		return -1;
	*text = at;
	*bytes = size;
	return 0;
}

int ks_answer_sizes_parse(const char *text, struct ks_answer_sizes *sizes)
{
	for (;;) {
		if (sizes->count == KS_ANSWER_SIZES_MAX || take_size(&text, &sizes->bytes[sizes->count]))
			return -1;
		sizes->count++;
		if (*text != ',')
			break;
		text++;
	}
	return *text == '\0' || (*text == '\n' && text[1] == '\0') ? 0 : -1;
}

size_t ks_answer_size(const struct ks_answer_sizes *sizes, const char *description)
{
	const char *number = description, *at;
	uint32_t index = 0;

	for (at = description; *at; at++)
		if (!is_digit(*at))
			number = at + 1;
	/* The remainder is carried along: the number may be of any length. */
	for (; *number; number++)
		index = (index * 10 + (uint32_t)(*number - '0')) % sizes->count;
	return sizes->bytes[index];
}
