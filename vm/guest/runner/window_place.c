// SPDX-License-Identifier: MIT
#include "window_place.h"

void window_write_place(struct json *json, const struct stage *stage, uint32_t index, uint32_t container,
			const struct window_times *times)
{
	json_text(json, "cell", stage->cell->id);
	json_unsigned(json, "index", index);
	json_text(json, "container", stage->cell->containers[container].name);
	json_unsigned(json, "mono_start", times->start);
}
