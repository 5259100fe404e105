// SPDX-License-Identifier: MIT
#include "build_id.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

void build_id_text(const void *section, size_t size, char text[BUILD_ID_TEXT_MAX])
{
	static const char owner[] = ELF_NOTE_GNU;
	const unsigned char *id = (const unsigned char *)section + sizeof(Elf64_Nhdr) + sizeof(owner);
	Elf64_Nhdr head;

	text[0] = '\0';
	if (size < sizeof(head) + sizeof(owner))
		return;
	memcpy(&head, section, sizeof(head));
	if (head.n_type != NT_GNU_BUILD_ID || head.n_namesz != sizeof(owner) ||
	    memcmp((const char *)section + sizeof(head), owner, sizeof(owner)) != 0 ||
	    head.n_descsz > size - sizeof(head) - sizeof(owner) || head.n_descsz > (BUILD_ID_TEXT_MAX - 1) / 2)
		return;
	for (size_t i = 0; i < head.n_descsz; i++)
		sprintf(text + 2 * i, "%02x", id[i]);
}
