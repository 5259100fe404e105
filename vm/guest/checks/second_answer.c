// SPDX-License-Identifier: MIT
/*
 * second-answer: whoever has answered a request answers it again, by itself and by a process that it had forked before. It is
 * told that this is too late, and the first answer stands.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "mechanism.h"
#include "verdict.h"

#define FIRST "the first"

/* Which of the answers. */
enum { FIRST_ONE, SECOND_ONE, SIBLINGS };

/* With the authority that the process has, if it still has one, or had when it was forked. */
static int answer_as_it_is(const struct step *step, const char *text)
{
	return puppet_give(step, text, strlen(text));
}

/* Tells what came of each. */
static int answer_twice(struct step *step)
{
	int go[2], status, error = puppet_assume(step);
	pid_t sibling;
	char word;

	if (error)
		return error;
	require(!pipe(go), "pipe: %s", strerror(errno));
	sibling = fork_tied();
	if (!sibling)
		_exit(read(go[0], &word, 1) == 1 ? answer_as_it_is(step, "the sibling's") : EIO);
	step->values[FIRST_ONE] = answer_as_it_is(step, FIRST);
	step->values[SECOND_ONE] = answer_as_it_is(step, "the second");
	require(write(go[1], "", 1) == 1 && waitpid(sibling, &status, 0) == sibling && WIFEXITED(status),
		"a forked sibling did not answer");
	step->values[SIBLINGS] = WEXITSTATUS(status);
	close(go[0]);
	close(go[1]);
	return 0;
}

void check_second_answer(void)
{
	struct place container = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct actor actor = actor_start(&container);
	struct task request = ask_in_session(&container, "ks:check:twice:0:0");
	struct upcall upcall = actor_take(&actor, &request);
	int expected = answers_by_authority() ? EPERM : EBUSY;
	struct served found, next;
	struct reply reply;
	struct step told = { 0 };
	int error = upcall_does(&upcall, answer_twice, &told);

	require(!error, "cannot assume the authority: %s", strerror(error));
	upcall_end(&upcall);
	reply = reply_within(&request, PATIENCE_MS);
	found = actor_serve(&actor, &container, "ks:check:twice:0:0", "a late one");
	decide(told.values[SECOND_ONE] == expected && told.values[SIBLINGS] == EBUSY, "second-answer-refused",
	       "the first answer: %s; the same process once more: %s; a process that it had forked before: %s",
	       error_text(told.values[FIRST_ONE]), error_text(told.values[SECOND_ONE]), error_text(told.values[SIBLINGS]));
	decide(!told.values[FIRST_ONE] && reply_says(&reply, FIRST) && !found.asked && reply_says(&found.reply, FIRST), "first-answer-stands",
	       "the requester got %s; who asked afterwards got %s, %s an upcall", reply_text(&reply), reply_text(&found.reply),
	       found.asked ? "by" : "without");
	next = actor_serve(&actor, &container, "ks:check:twice:0:1", "as usual");
	fault_was("second-answer", (told.values[SECOND_ONE] != 0) + (told.values[SIBLINGS] != 0), next.asked && reply_says(&next.reply, "as usual"));
}
