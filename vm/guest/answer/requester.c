// SPDX-License-Identifier: MIT
/*
 * Who asks stands in /proc/keys alone, in the line of the authorisation key:
 *
 *	<serial> <flags> <usage> <expiry> <permissions> <uid> <gid> .request_ key:<key> pid:<pid> ci:<size>
 *
 * Everybody can have lines written there: descriptions of keys may contain any character, newlines too. Those that begin
 * "<serial> " can be forged by who has seen the serial, but not removed: so one is believed, and two are not.
 */
#include "requester.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>

#include "start.h"

#define FIELDS_BEFORE_TYPE 7
#define READ_SIZE 4096

static int digit_of(char c, unsigned int base)
{
	int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;

	return digit < (int)base ? digit : -1;
}

static const char *take_number(const char *at, unsigned int base, uint32_t *number)
{
	const char *first = at;
	uint64_t n = 0;

	for (; digit_of(*at, base) >= 0 && n <= UINT32_MAX; at++)
		n = n * base + (unsigned int)digit_of(*at, base);
	if (at == first || n > UINT32_MAX)
		return 0;
	*number = (uint32_t)n;
	return at;
}

static const char *take_text(const char *at, const char *text)
{
	for (; *text; text++, at++)
		if (*at != *text)
			return 0;
	return at;
}

static const char *skip_field(const char *at)
{
	while (*at && *at != ' ')
		at++;
	while (*at == ' ')
		at++;
	return at;
}

static void look_at(struct requester_search *search)
{
	const char *at = search->line;
	uint32_t serial, key, pid;

	at = take_number(at, 16, &serial);
	if (!at || serial != search->authority || *at != ' ')
		return;
	for (int field = 0; field < FIELDS_BEFORE_TYPE; field++)
		at = skip_field(at);
	at = take_text(at, ".request_ key:");
	at = at ? take_number(at, 16, &key) : 0;
	if (!at || key != search->key)
		return;
	at = take_text(at, " pid:");
	at = at ? take_number(at, 10, &pid) : 0;
	if (!at || *at != ' ' || pid == 0 || pid > INT32_MAX)
		return;
	search->found++;
	search->pid = pid;
}

void requester_search(struct requester_search *search, const char *text, long size)
{
	for (long i = 0; i < size; i++) {
		unsigned int length = search->length++;

		if (text[i] != '\n') {
			if (length < REQUESTER_LINE_MAX - 1)
				search->line[length] = text[i];
			continue;
		}
		search->line[length < REQUESTER_LINE_MAX - 1 ? length : REQUESTER_LINE_MAX - 1] = '\0';
		look_at(search);
		search->length = 0;
	}
}

long requester_find(const struct upcall *upcall)
{
	long keys = ks_syscall5(__NR_openat, upcall->proc, (long)"keys", O_RDONLY | O_CLOEXEC, 0, 0), size;
	struct requester_search search;
	char text[READ_SIZE];

	search.authority = (uint32_t)upcall->authority;
	search.key = (uint32_t)upcall->key;
	search.found = 0;
	search.length = 0;
	if (keys < 0)
		return -1;
	while ((size = ks_syscall5(__NR_read, keys, (long)text, sizeof(text), 0, 0)) > 0)
		requester_search(&search, text, size);
	ks_syscall5(__NR_close, keys, 0, 0, 0, 0);
	return size == 0 && search.found == 1 ? search.pid : -1;
}
