/* SPDX-License-Identifier: MIT */
/* What a function of this program answers with that is an agent or a helper: common/answer.h's words, so that replies say who it was. */
#ifndef KS_CHECKS_ANSWER_TEXT_H
#define KS_CHECKS_ANSWER_TEXT_H

#define ANSWER_TEXT_SIZE 512

/** This process's answer; id 0 is the host's helper. */
void answer_text_of(unsigned int id, const char *description, char text[ANSWER_TEXT_SIZE]);

#endif
