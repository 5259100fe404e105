// SPDX-License-Identifier: MIT
#include "answer.h"

#define DECIMAL_DIGITS_MAX 20

#define WOKE " @woke="
#define ASSUMED " @assumed="
#define ANSWERING " @answering="
#define NO_STAMP "-"

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

static int put_digits(struct cursor *out, uint64_t number)
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
	return 0;
}

static int put_number(struct cursor *out, uint64_t number)
{
	return put_digits(out, number) || put_char(out, ' ');
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

static int put_stamp(struct cursor *out, const char *name, uint64_t stamp)
{
	return put_text(out, name) || (stamp ? put_digits(out, stamp) : put_text(out, NO_STAMP));
}

int ks_answer_stamp(char *payload, size_t size, const struct ks_answer_stages *stages)
{
	struct cursor out = { payload, payload + size };

	while (out.at < out.end && *out.at)
		out.at++;
	if (put_stamp(&out, WOKE, stages->woke) || put_stamp(&out, ASSUMED, stages->assumed) ||
	    put_stamp(&out, ANSWERING, stages->answering) || out.at == out.end)
		return -1;
	/* What follows is NUL already. */
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

static int take_digits(struct reader *in, uint64_t max, uint64_t *number)
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
	return 0;
}

static int take_number(struct reader *in, uint64_t max, uint64_t *number)
{
	return take_digits(in, max, number) || take_text(in, " ");
}

static int take_stamp(struct reader *in, const char *name, uint64_t *stamp)
{
	if (take_text(in, name))
		return -1;
	*stamp = 0;
	if (in->at < in->end && *in->at == *NO_STAMP)
		return take_text(in, NO_STAMP);
	return take_digits(in, UINT64_MAX, stamp);
}

/* All of them or none. */
static int take_stages(struct reader *in, struct ks_answer_stages *stages)
{
	*stages = (struct ks_answer_stages){ 0 };
	if (in->at == in->end || !*in->at)
		return 0;
	return take_stamp(in, WOKE, &stages->woke) || take_stamp(in, ASSUMED, &stages->assumed) ||
	       take_stamp(in, ANSWERING, &stages->answering);
}

int ks_answer_parse(const char *payload, size_t size, const char *description, struct ks_answerer *answerer,
		    struct ks_answer_stages *stages)
{
	struct reader in = { payload, payload + size };
	uint64_t agent, pid;

	if (take_text(&in, "ks1 ") || take_number(&in, UINT32_MAX, &agent) || take_number(&in, UINT32_MAX, &pid) ||
	    take_number(&in, UINT64_MAX, &answerer->userns) || take_number(&in, UINT64_MAX, &answerer->netns) ||
	    take_number(&in, UINT64_MAX, &answerer->mntns) || take_number(&in, UINT64_MAX, &answerer->pidns) ||
	    take_text(&in, description) || (stages && take_stages(&in, stages)))
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
