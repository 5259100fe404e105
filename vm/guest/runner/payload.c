// SPDX-License-Identifier: MIT
#include "payload.h"

#include <stdio.h>

_Static_assert(PLAN_PAYLOADS_MAX <= KS_ANSWER_SIZES_MAX, "every size of a plan reaches the answerers");

void payload_text(const struct plan_cell *cell, char text[KS_ANSWER_SIZES_TEXT])
{
	int used = 0;

	for (uint32_t i = 0; i < cell->payload_count; i++)
		used += snprintf(text + used, (size_t)(KS_ANSWER_SIZES_TEXT - used), "%s%u", i ? "," : "", cell->payload_bytes[i]);
}
