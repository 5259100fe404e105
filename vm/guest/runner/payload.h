/* SPDX-License-Identifier: MIT */
#ifndef KS_PAYLOAD_H
#define KS_PAYLOAD_H

#include "../common/answer_sizes.h"
#include "plan.h"

/** The sizes of a cell's answers as agents and helpers read them (ks_answer_sizes_parse). */
void payload_text(const struct plan_cell *cell, char text[KS_ANSWER_SIZES_TEXT]);

#endif
