// SPDX-License-Identifier: MIT
#include "children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../common/answer_sizes.h"
#include "../common/dose.h"
#include "../common/stage_switch.h"

#define AGENT_PROGRAM "/keystorm/ks-agent"
#define HAMMER_PROGRAM "/keystorm/ks-hammer"
#define HAMMER_SETUID_PROGRAM "/keystorm/ks-hammer-setuid"
#define AGENT_READY_FD 4
#define TEXT_OF(number) TEXT(number)
#define TEXT(word) #word
#define NUMBER_TEXT 16
#define WORD_MAX 40

_Static_assert(WORD_MAX >= KS_ANSWER_SIZES_TEXT - 1, "the list of sizes is one word");

int children_prepare(void)
{
	return fcntl(KS_CONTROL_FD, F_SETFD, FD_CLOEXEC);
}

static int remember(struct children *children, pid_t pid, enum child_kind kind, uint32_t id)
{
	if (pid < 0)
		return -1;
	children->list[children->count++] = (struct child){ .pid = pid, .kind = kind, .id = id };
	return 0;
}

static int has_room(const struct children *children, int wanted)
{
	if (children->count + wanted <= CHILDREN_MAX)
		return 1;
	errno = ENOSPC;
	return 0;
}

static const char *start_agent(struct children *children, const struct ks_control_message *message)
{
	char id_text[NUMBER_TEXT], route[WORD_MAX + 1], delivery[WORD_MAX + 1], filter[WORD_MAX + 1], type[WORD_MAX + 1],
		sizes[WORD_MAX + 1];
	const char *argv[] = { AGENT_PROGRAM,	  "--id",   id_text,  "--route",	   route, "--delivery", delivery,	"--filter",
			       filter,		  "--type", type,     "--payload-bytes", sizes, "--ready-fd", TEXT_OF(AGENT_READY_FD),
			       "--stages-fd", TEXT_OF(KS_AGENT_STAGES_FD), "--dose-fd", TEXT_OF(KS_AGENT_DOSE_FD), NULL };
	unsigned int id, uid;
	struct process_fd fds[3];
	int ready[2];
	pid_t pid;

	errno = EINVAL;
	if (sscanf(message->text, "agent %u %40s %40s %40s %40s %40s %u", &id, route, delivery, filter, type, sizes, &uid) != 7 ||
	    message->fd_count != 2)
		return "an agent message of the wrong form";
	if (!has_room(children, 1) || children->ready_fd >= 0)
		return "one agent more than there is room for";
	snprintf(id_text, sizeof(id_text), "%u", id);
	if (pipe2(ready, O_CLOEXEC))
		return "the agent's ready pipe";
	fds[0] = (struct process_fd){ ready[1], AGENT_READY_FD };
	fds[1] = (struct process_fd){ message->fds[0], KS_AGENT_STAGES_FD };
	fds[2] = (struct process_fd){ message->fds[1], KS_AGENT_DOSE_FD };
	pid = process_start(argv, uid, fds, 3);
	close(ready[1]);
	if (remember(children, pid, CHILD_AGENT, id)) {
		close(ready[0]);
		return "starting " AGENT_PROGRAM;
	}
	children->ready_fd = ready[0];
	children->ready_id = id;
	return NULL;
}

static const char *start_hammers(struct children *children, const struct ks_control_message *message)
{
	char cell[WORD_MAX + 1], container[WORD_MAX + 1], index_text[NUMBER_TEXT], worker_text[NUMBER_TEXT],
		depth_text[NUMBER_TEXT];
	unsigned int index, first, count, uid, setuid, depth;
	const char *argv[] = { HAMMER_PROGRAM, cell, container, index_text, worker_text, depth_text, NULL };
	struct process_fd fds[2];

	errno = EINVAL;
	if (sscanf(message->text, "hammers %40s %40s %u %u %u %u %u %u", cell, container, &index, &first, &count, &uid,
		   &setuid, &depth) != 8 ||
	    message->fd_count != 2)
		return "a hammers message of the wrong form";
	if (!has_room(children, (int)count))
		return "more requesters than there is room for";
	if (setuid)
		argv[0] = HAMMER_SETUID_PROGRAM;
	fds[0] = (struct process_fd){ message->fds[0], KS_HAMMER_LEDGER_FD };
	fds[1] = (struct process_fd){ message->fds[1], KS_HAMMER_IDLE_FD };
	snprintf(index_text, sizeof(index_text), "%u", index);
	snprintf(depth_text, sizeof(depth_text), "%u", depth);
	for (unsigned int worker = first; worker < first + count; worker++) {
		snprintf(worker_text, sizeof(worker_text), "%u", worker);
		if (remember(children, process_start(argv, uid, fds, 2), CHILD_HAMMER, worker))
			return "starting a requester";
	}
	return NULL;
}

/* One that has just ended by itself says so by its own message. */
static const char *kill_hammer(const struct children *children, const char *text)
{
	unsigned int worker;

	errno = EINVAL;
	if (sscanf(text, "kill %u", &worker) != 1)
		return "a kill message of the wrong form";
	for (int i = 0; i < children->count; i++)
		if (children->list[i].kind == CHILD_HAMMER && children->list[i].id == worker)
			kill(children->list[i].pid, SIGKILL);
	return NULL;
}

const char *children_obey(struct children *children, const struct ks_control_message *message)
{
	if (strncmp(message->text, "agent ", 6) == 0)
		return start_agent(children, message);
	if (strncmp(message->text, "hammers ", 8) == 0)
		return start_hammers(children, message);
	if (strncmp(message->text, "kill ", 5) == 0)
		return kill_hammer(children, message->text);
	errno = EINVAL;
	return "a message it does not know";
}

const struct child *children_agent_ready(struct children *children)
{
	bool ready = process_said_ready(children->ready_fd);

	close(children->ready_fd);
	children->ready_fd = -1;
	if (!ready)
		return NULL;
	for (int i = 0; i < children->count; i++)
		if (children->list[i].kind == CHILD_AGENT && children->list[i].id == children->ready_id)
			return &children->list[i];
	return NULL;
}

const struct child *children_find(const struct children *children, pid_t pid)
{
	for (int i = 0; i < children->count; i++)
		if (children->list[i].pid == pid)
			return &children->list[i];
	return NULL;
}

void children_forget(struct children *children, pid_t pid)
{
	for (int i = 0; i < children->count; i++)
		if (children->list[i].pid == pid) {
			children->list[i] = children->list[--children->count];
			return;
		}
}
