/* SPDX-License-Identifier: MIT */
/* A writer of one JSON object. Text may contain any bytes: what is not UTF-8 becomes U+FFFD. */
#ifndef KS_JSON_H
#define KS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where the text grows. Zero-initialise; `text` is NUL-terminated once something was written; free it with json_free. */
struct json {
	char *text;
	size_t length;
	size_t capacity;
	bool comma;	/* the next element needs one before it */
};

/* Every function takes the key of a member; NULL inside an array and for the outermost value. */

/** Opens an object or an array. */
void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);

/** Closes what was opened last: the caller says which. */
void json_object_end(struct json *json);
void json_array_end(struct json *json);

void json_text(struct json *json, const char *key, const char *value);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/** Empties it, keeping the memory. */
void json_reset(struct json *json);
void json_free(struct json *json);

#endif
