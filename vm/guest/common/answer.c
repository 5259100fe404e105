// SPDX-License-Identifier: MIT
#include "answer.h"

#define DECIMAL_DIGITS_MAX 20

struct cursor {
	char *at;
	char *end;
};

static int put_char(struct cursor *out, char c)
{
	if (out->at == out->end)
		return -1;
	*out->at++ = c;
	return 0;
}

static int put_text(struct cursor *out, const char *text)
{
	for (; *text; text++)
		if (put_char(out, *text))
			return -1;
	return 0;
}

static int put_number(struct cursor *out, uint64_t number)
{
	char digits[DECIMAL_DIGITS_MAX];
	int n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n > 0)
		if (put_char(out, digits[--n]))
			return -1;
	return put_char(out, ' ');
}

int ks_answer_format(char *payload, size_t size, const struct ks_answerer *answerer, const char *description)
{
	struct cursor out = { payload, payload + size };

	if (put_text(&out, "ks1 ") || put_number(&out, answerer->agent) || put_number(&out, answerer->pid) ||
	    put_number(&out, answerer->userns) || put_number(&out, answerer->netns) ||
	    put_number(&out, answerer->mntns) || put_number(&out, answerer->pidns) || put_text(&out, description) ||
	    put_char(&out, '\0'))
		return -1;
	while (out.at < out.end)
		*out.at++ = '\0';
	return 0;
}

struct reader {
	const char *at;
	const char *end;
};

static int take_text(struct reader *in, const char *text)
{
	for (; *text; text++, in->at++)
		if (in->at == in->end || *in->at != *text)
			return -1;
	return 0;
}

static int take_number(struct reader *in, uint64_t max, uint64_t *number)
{
	const char *first = in->at;
	uint64_t n = 0;

	for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
		uint64_t digit = (uint64_t)(*in->at - '0');

		if (n > (max - digit) / 10)
			return -1;
		n = n * 10 + digit;
	}
	if (in->at == first)
		return -1;
	*number = n;
	return take_text(in, " ");
}

int ks_answer_parse(const char *payload, size_t size, const char *description, struct ks_answerer *answerer)
{
	struct reader in = { payload, payload + size };
	uint64_t agent, pid;

	if (take_text(&in, "ks1 ") || take_number(&in, UINT32_MAX, &agent) || take_number(&in, UINT32_MAX, &pid) ||
	    take_number(&in, UINT64_MAX, &answerer->userns) || take_number(&in, UINT64_MAX, &answerer->netns) ||
	    take_number(&in, UINT64_MAX, &answerer->mntns) || take_number(&in, UINT64_MAX, &answerer->pidns) ||
	    take_text(&in, description))
		return -1;
	if (in.at == in.end)
		return -1;
	for (; in.at < in.end; in.at++)
		if (*in.at != '\0')
			return -1;
	answerer->agent = (uint32_t)agent;
	answerer->pid = (uint32_t)pid;
	return 0;
}
