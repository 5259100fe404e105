// SPDX-License-Identifier: MIT
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4096

static void append(struct json *json, const char *bytes, size_t size)
{
	if (json->length + size + 1 > json->capacity) {
		size_t capacity = json->capacity ? json->capacity : FIRST_CAPACITY;

		while (capacity < json->length + size + 1)
			capacity *= 2;
		json->text = realloc(json->text, capacity);
		if (!json->text) {
			/* Without memory there is no frame to say so in. */
			fputs("ks-runner: out of memory for a frame\n", stderr);
			abort();
		}
		json->capacity = capacity;
	}
	memcpy(json->text + json->length, bytes, size);
	json->length += size;
	json->text[json->length] = '\0';
}

static void append_text(struct json *json, const char *text)
{
	append(json, text, strlen(text));
}

/* Length of the well-formed UTF-8 sequence at p (RFC 3629: no overlong forms, no surrogates), 0 if there is none. */
static size_t utf8_length(const unsigned char *p)
{
	size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 :
			p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : 0;

	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return length;
}

static void append_quoted(struct json *json, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	char escape[8];

	append_text(json, "\"");
	while (*p) {
		size_t length = utf8_length(p);

		if (*p == '"' || *p == '\\') {
			snprintf(escape, sizeof(escape), "\\%c", *p);
			append_text(json, escape);
		} else if (*p < 0x20 || *p == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", *p);
			append_text(json, escape);
		} else if (length == 0) {
			append_text(json, "\\ufffd");
		} else {
			append(json, (const char *)p, length);
		}
		p += length ? length : 1;
	}
	append_text(json, "\"");
}

static void begin_element(struct json *json, const char *key)
{
	if (json->comma)
		append_text(json, ",");
	json->comma = true;
	if (key) {
		append_quoted(json, key);
		append_text(json, ":");
	}
}

static void open(struct json *json, const char *key, const char *bracket)
{
	begin_element(json, key);
	append_text(json, bracket);
	json->comma = false;
}

static void close(struct json *json, const char *bracket)
{
	append_text(json, bracket);
	json->comma = true;
}

void json_object(struct json *json, const char *key)
{
	open(json, key, "{");
}

void json_array(struct json *json, const char *key)
{
	open(json, key, "[");
}

void json_object_end(struct json *json)
{
	close(json, "}");
}

void json_array_end(struct json *json)
{
	close(json, "]");
}

void json_text(struct json *json, const char *key, const char *value)
{
	begin_element(json, key);
	append_quoted(json, value);
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	begin_element(json, key);
	append_text(json, digits);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	begin_element(json, key);
	append_text(json, digits);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin_element(json, key);
	append_text(json, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	begin_element(json, key);
	append_text(json, "null");
}

void json_reset(struct json *json)
{
	json->length = 0;
	json->comma = false;
}

void json_free(struct json *json)
{
	free(json->text);
	*json = (struct json){ 0 };
}
