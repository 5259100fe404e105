/* SPDX-License-Identifier: MIT */
#ifndef KS_BUILD_ID_H
#define KS_BUILD_ID_H

#include <stddef.h>

/* A SHA-1 in hexadecimal digits is 40; there is room for longer ones. */
#define BUILD_ID_TEXT_MAX 129

/** The build-id of an ELF section .note.gnu.build-id, in lower-case hexadecimal digits; "" when there is none in it. */
void build_id_text(const void *section, size_t size, char text[BUILD_ID_TEXT_MAX]);

#endif
