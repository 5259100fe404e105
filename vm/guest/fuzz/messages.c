// SPDX-License-Identifier: MIT
/* read(2), write(2), writev(2) and poll(2) on queues, with requests in them or not. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

/* A little more than the module takes. */
#define WRITTEN_MAX (1024u * 1024 + 4096)
#define SERIALS 8

/* Of requests that were read, so that answers sometimes meet one. */
static ks_key_serial serials[SERIALS];

void fuzz_read(void)
{
	static struct message message;
	int queue = draw_queue();
	long got;

	calling(READ);
	if (once_in(4))
		called(READ, read(queue, draw_bad_address(), draw_edge()));
	else if (once_in(3))
		called(READ, read(queue, at_the_edge(NULL, draw(64)), draw(128)));
	else if (once_in(8))
		called(READ, pread(queue, &message, sizeof(message), (off_t)draw_edge()));
	else {
		got = called(READ, read(queue, &message, sizeof(message)));
		if (got > 0 && (size_t)got != message.request.size)
			violated("a request says %u bytes, %ld were read", message.request.size, got);
		if (got > 0)
			serials[draw(SERIALS)] = message.request.serial;
	}
}

static size_t draw_size(void)
{
	if (once_in(64))
		return draw(WRITTEN_MAX);
	return draw(once_in(8) ? 40000 : 300);
}

static struct ks_answer draw_answer(size_t payload)
{
	struct ks_answer answer = { .payload_len = (uint32_t)payload };

	answer.serial = once_in(4) ? (ks_key_serial)draw_edge() : serials[draw(SERIALS)];
	if (once_in(4))
		answer.error = once_in(2) ? (uint32_t)draw_edge() : draw(600);
	if (once_in(4))
		answer.timeout = (uint32_t)draw_edge();
	if (once_in(6))
		answer.payload_len = (uint32_t)draw_edge();
	return answer;
}

static void write_whole(void)
{
	static unsigned char bytes[WRITTEN_MAX];
	size_t payload = draw_size();
	struct ks_answer answer;

	if (payload > sizeof(bytes) - sizeof(answer))
		payload = sizeof(bytes) - sizeof(answer);
	answer = draw_answer(payload);
	memcpy(bytes, &answer, sizeof(answer));
	calling(WRITE);
	if (once_in(8))
		called(WRITE, write(draw_queue(), draw_bad_address(), draw_edge()));
	else if (once_in(8))
		called(WRITE, write(draw_queue(), at_the_edge(bytes, draw(64)), draw(96)));
	else
		called(WRITE, write(draw_queue(), bytes, sizeof(answer) + payload));
}

/* In pieces: of the header too, with some that are empty and some that are not there. */
static void write_in_pieces(void)
{
	static unsigned char bytes[65536];
	struct iovec pieces[12];
	size_t payload = draw(2000), at = 0, whole = sizeof(struct ks_answer) + payload;
	struct ks_answer answer = draw_answer(payload);
	int n = 0;

	memcpy(bytes, &answer, sizeof(answer));
	while (at < whole && n < 12) {
		size_t size = n == 11 ? whole - at : draw((uint32_t)(whole - at) + 1);

		pieces[n++] = (struct iovec){ bytes + at, size };
		at += size;
	}
	if (once_in(8))
		pieces[draw((uint32_t)n)].iov_base = draw_bad_address();
	if (once_in(8))
		pieces[draw((uint32_t)n)].iov_len = draw_edge();
	if (once_in(16))
		n = (int)draw(1100) - 2;
	calling(WRITEV);
	called(WRITEV, writev(draw_queue(), pieces, n > 12 ? 1025 : n));
}

void fuzz_write(void)
{
	if (once_in(3))
		write_in_pieces();
	else
		write_whole();
}

void fuzz_poll(void)
{
	struct pollfd polled = { draw_queue(), (short)draw_bits(), 0 };

	calling(POLL);
	called(POLL, poll(&polled, 1, 0));
}
