/* SPDX-License-Identifier: MIT */
#ifndef KS_ANSWER_REQUESTER_H
#define KS_ANSWER_REQUESTER_H

#include "upcall.h"

/* More than the beginning of a line that is looked at has. */
#define REQUESTER_LINE_MAX 128

/** What is looked for in /proc/keys, and what was found. */
struct requester_search {
	uint32_t authority;	/* serial of the authorisation key */
	uint32_t key;
	unsigned int found;	/* lines that say they are it */
	long pid;		/* what the last of them said */
	char line[REQUESTER_LINE_MAX];
	unsigned int length;	/* of the line so far, whatever of it was kept */
};

/** Looks at more of the text of /proc/keys. */
void requester_search(struct requester_search *search, const char *text, long size);

/** Who asks, by the host's pid; -1 when /proc/keys does not say, or says it twice. */
long requester_find(const struct upcall *upcall);

#endif
