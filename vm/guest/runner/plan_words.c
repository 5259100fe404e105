// SPDX-License-Identifier: MIT
#include "plan_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

int plan_complain(struct plan_line *line, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	vsnprintf(line->error->message, sizeof(line->error->message), message, args);
	va_end(args);
	return -1;
}

int plan_split(char *text, struct plan_line *line)
{
	char *end, *word;

	line->count = 0;
	end = text + strcspn(text, "#");
	*end = '\0';
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	text += strspn(text, " \t");
	if (!*text)
		return 0;
	while ((word = strsep(&text, " "))) {
		if (!*word)
			return plan_complain(line, "words are separated by single spaces");
		if (line->count == PLAN_WORDS_MAX)
			return plan_complain(line, "more than %d words", PLAN_WORDS_MAX);
		line->words[line->count++] = word;
	}
	return 0;
}

int plan_number(struct plan_line *line, int index, uint32_t min, uint32_t max, uint32_t *number)
{
	const char *word = line->words[index];
	uint64_t n = 0;

	for (const char *p = word; *p; p++) {
		if (*p < '0' || *p > '9')
			return plan_complain(line, "'%.40s' is not a decimal number", word);
		n = n * 10 + (uint64_t)(*p - '0');
		if (n > max)
			break;
	}
	if (n < min || n > max)
		return plan_complain(line, "'%.40s' is not within %u..%u", word, min, max);
	*number = (uint32_t)n;
	return 0;
}

int plan_choice(struct plan_line *line, int index, const char *const *list)
{
	char known[160] = "";

	for (int i = 0; list[i]; i++) {
		if (strcmp(line->words[index], list[i]) == 0)
			return i;
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i ? ", " : "", list[i]);
	}
	return plan_complain(line, "'%.40s' is none of: %s", line->words[index], known);
}

int plan_expect(struct plan_line *line, int index, const char *word)
{
	if (strcmp(line->words[index], word) == 0)
		return 0;
	return plan_complain(line, "'%.40s' stands where '%s' belongs", line->words[index], word);
}

int plan_name(struct plan_line *line, int index, char name[PLAN_NAME_MAX + 1])
{
	const char *word = line->words[index];
	size_t length = strlen(word);

	if (length > PLAN_NAME_MAX || strspn(word, NAME_CHARACTERS) != length)
		return plan_complain(line, "'%.40s' is not a name: 1 to %d of a-z, 0-9 and -", word, PLAN_NAME_MAX);
	memcpy(name, word, length + 1);
	return 0;
}
