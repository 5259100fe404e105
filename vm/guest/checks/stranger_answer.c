// SPDX-License-Identifier: MIT
/*
 * stranger-answer: a request is answered by who has no authority over it: an answerer that has it over another request, a
 * neighbour of the requester's, root of the host. And who has authority names a key that there is not. All are refused, and the
 * requests wait for their own answerers.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "../module/selftest/authority.h"
#include "../module/selftest/harness.h"
#include "actor.h"
#include "all.h"
#include "mechanism.h"
#include "verdict.h"

/* Serials are random, and this one is the largest: that it is there is one chance in two thousand million. */
#define NO_KEY INT32_MAX

/* Of attempts to answer. */
struct tally {
	int tried, eperm, enokey, other;
};

static void count(struct tally *tally, int error)
{
	tally->tried++;
	if (error == EPERM)
		tally->eperm++;
	else if (error == ENOKEY)
		tally->enokey++;
	else
		tally->other++;
}

static void add(struct tally *sum, const struct tally *tally)
{
	sum->tried += tally->tried;
	sum->eperm += tally->eperm;
	sum->enokey += tally->enokey;
	sum->other += tally->other;
}

/* By both calls: whoever cannot assume the authority may still try to do without it. */
static void try_keyctl(struct tally *tally, ks_key_serial key)
{
	count(tally, instantiate(key, "a stranger's"));
	count(tally, assume(key));
}

static void try_as_stranger(struct tally *tally, ks_key_serial key)
{
	try_keyctl(tally, key);
	if (!answers_by_authority()) {
		int queue = open_queue();

		count(tally, answer_text(queue, key, "a stranger's"));
		close(queue);
	}
}

/* Who has authority over a request, or has it in its queue, tries another's and none. Its own authority is there to be used. */
static int answer_others(struct step *step)
{
	ks_key_serial keys[] = { (ks_key_serial)step->number, NO_KEY };
	struct tally tally = { 0 };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct step wrong = { .serial = keys[i] };
		int error = puppet_assume(step);

		if (error)
			return error;
		try_keyctl(&tally, keys[i]);
		if (!answers_by_authority())
			count(&tally, puppet_give(&wrong, "the wrong one's", strlen("the wrong one's")));
	}
	memcpy(step->values, &tally, sizeof(tally));
	return 0;
}

static void try_as_neighbour(int channel, const void *argument)
{
	const ks_key_serial *key = argument;
	struct tally tally = { 0 };

	try_as_stranger(&tally, *key);
	require(write(channel, &tally, sizeof(tally)) == sizeof(tally), "cannot tell");
}

static void try_neighbour(struct tally *sum, const struct place *place, ks_key_serial key)
{
	struct task task = place_start(place, try_as_neighbour, &key, sizeof(key));
	struct tally tally;

	require(task_tells(&task, &tally, sizeof(tally), PATIENCE_MS), "a stranger did not try");
	task_end(&task);
	add(sum, &tally);
}

void check_stranger_answer(void)
{
	struct place one = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID);
	struct place other = place_new(NULL, CONTAINER_NAMESPACES, PLACE_FIRST_ID + PLACE_IDS);
	struct actor actor = actor_start(&one), others = has_agents() ? actor_start(&other) : actor;
	struct task request = ask_in_session(&one, "ks:check:mine:0:0"), foreign;
	struct upcall upcall = actor_take(&actor, &request), foreign_upcall;
	struct tally tally = { 0 }, wrong;
	struct step step = { 0 };
	struct reply reply, foreign_reply;
	struct served next;
	int refused, foreign_refused;
	bool waited;

	foreign = ask_in_session(&other, "ks:check:others:0:0");
	foreign_upcall = actor_take(&others, &foreign);
	step.number = foreign_upcall.serial;
	refused = upcall_does(&upcall, answer_others, &step);
	require(!refused, "cannot assume the authority: %s", strerror(refused));
	memcpy(&wrong, step.values, sizeof(wrong));
	add(&tally, &wrong);
	try_neighbour(&tally, &one, upcall.serial);
	try_neighbour(&tally, &other, upcall.serial);
	try_as_stranger(&tally, upcall.serial);
	waited = !task_ends(&request, HANGING_MS) && !task_ends(&foreign, 0);
	refused = upcall_answer(&upcall, "mine");
	foreign_refused = upcall_answer(&foreign_upcall, "theirs");
	upcall_end(&upcall);
	upcall_end(&foreign_upcall);
	reply = reply_within(&request, PATIENCE_MS);
	foreign_reply = reply_within(&foreign, PATIENCE_MS);
	decide(!tally.other && waited, "stranger-cannot-answer",
	       "of %d attempts by the answerer of another request, by neighbours in and outside the container and by root of the host, %d "
	       "got EPERM, %d ENOKEY and %d something else; the requesters %s",
	       tally.tried, tally.eperm, tally.enokey, tally.other, waited ? "went on waiting" : "waited no more");
	decide(!refused && !foreign_refused && reply_says(&reply, "mine") && reply_says(&foreign_reply, "theirs"), "own-answer-still-taken",
	       "after that the requesters' own answerers answered: %s and %s", reply_text(&reply), reply_text(&foreign_reply));
	next = actor_serve(&actor, &one, "ks:check:mine:0:1", "as usual");
	fault_was("stranger-answer", tally.eperm + tally.enokey, next.asked && reply_says(&next.reply, "as usual"));
}
