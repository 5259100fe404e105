// SPDX-License-Identifier: MIT
/* What an agent does with a request that waits in its queue: it reads it, answers it, rejects it, or goes away. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "../../module/selftest/authority.h"
#include "operation.h"

/* Registers the queue, and has it asked; `become`, if any, changes the requester's process first. */
static void have_asked(struct stage *stage, const char *what, const char *format, void (*become)(void))
{
	struct pollfd ready = { stage->queue, POLLIN, 0 };

	describe(stage, what);
	stage->key = register_agent(format, stage->queue);
	stage->asker = ask_as(stage->description, become);
	require(poll(&ready, 1, PATIENCE_MS) == 1, "no request came");
}

/* The requester must have got this errno, or the key: 0. */
static void end_request(struct stage *stage, int expected)
{
	struct outcome outcome = told(&stage->asker, PATIENCE_MS);

	require(outcome.error == expected, "the requester got %s", strerrorname_np(outcome.error));
	remove_agent(stage);
	close(stage->queue);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

static void prepare_pending(struct stage *stage)
{
	prepare_queue(stage);
	have_asked(stage, "pending", "fd-write:%d", NULL);
}

static int take_request(struct stage *stage)
{
	return read(stage->queue, &stage->message, sizeof(stage->message)) < 0 ? errno : 0;
}

static int give_answer(struct stage *stage)
{
	return answer_text(stage->queue, stage->message.request.serial, "yes");
}

/* A request whose reading failed is still there. */
static void answer_taken(struct stage *stage, int error)
{
	if (error)
		take(stage->queue, &stage->message);
	require(!give_answer(stage), "an answer was refused: %s", strerror(errno));
	end_request(stage, 0);
}

static void prepare_entitling(struct stage *stage)
{
	prepare_queue(stage);
	/* A request that ends for want of memory is passed over: reading would wait for the next. */
	require(!fcntl(stage->queue, F_SETFL, O_NONBLOCK), "O_NONBLOCK: %s", strerror(errno));
	have_asked(stage, "entitled", FD_KEYCTL, NULL);
}

/*
 * A request whose authority cannot be handed over ends with the same error, at once; one that could not be copied out is
 * still there.
 */
static void answer_entitled(struct stage *stage, int error)
{
	struct pollfd ready = { stage->queue, POLLIN, 0 };

	if (error && poll(&ready, 1, 0) == 1 && ready.revents & POLLIN) {
		take(stage->queue, &stage->message);
		error = 0;
	}
	if (!error)
		answer_by_keyctl(stage->message.request.serial, "yes");
	end_request(stage, error ? ENOMEM : 0);
}

static void prepare_taken(struct stage *stage)
{
	prepare_pending(stage);
	take(stage->queue, &stage->message);
}

/* An answer that failed has left the request pending. */
static void finish_answer(struct stage *stage, int error)
{
	if (error)
		require(!give_answer(stage), "the second answer was refused: %s", strerror(errno));
	end_request(stage, 0);
}

static int reject(struct stage *stage)
{
	return answer(stage->queue, stage->message.request.serial, EKEYREJECTED, 1, NULL, 0);
}

static void finish_reject(struct stage *stage, int error)
{
	if (error)
		require(!reject(stage), "the second rejection was refused");
	end_request(stage, EKEYREJECTED);
}

static int asked_queue;

/* The requester is forked: it must not keep the queue open. */
static void let_go(void)
{
	close(asked_queue);
}

static void prepare_abandoned(struct stage *stage)
{
	prepare_queue(stage);
	asked_queue = stage->queue;
	have_asked(stage, "abandoned", "fd-write:%d", let_go);
}

/* Closing cannot fail: the requester must be refused whatever happens. */
static int close_pending(struct stage *stage)
{
	close(stage->queue);
	return 0;
}

static void finish_close(struct stage *stage, int error)
{
	struct outcome outcome = told(&stage->asker, PATIENCE_MS);

	(void)error;
	require(outcome.error == ENOKEY, "the requester of a closed queue got %s", strerrorname_np(outcome.error));
	remove_agent(stage);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

const struct operation answering_operations[] = {
	{ "read-request", prepare_pending, take_request, answer_taken, 0 },
	/* Whom there is no memory to entitle is handed nothing. */
	{ "read-entitling", prepare_entitling, take_request, answer_entitled, EAGAIN },
	{ "write-answer", prepare_taken, give_answer, finish_answer, 0 },
	{ "write-rejection", prepare_taken, reject, finish_reject, 0 },
	{ "close-with-request", prepare_abandoned, close_pending, finish_close, 0 },
	{ .name = NULL },
};
