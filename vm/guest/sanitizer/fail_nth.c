// SPDX-License-Identifier: MIT
/*
 * ks-fail-nth [OPERATION...]: lets the first allocation (or copy from or to user space) of an operation on the module fail, then
 * the second, and so on until none is left (/proc/thread-self/fail-nth, Documentation/fault-injection). Each time the operation
 * must either succeed or say ENOMEM (EFAULT for a copy), leave nothing half-done, start no helper of the host's, and work when it
 * is tried again.
 *
 * Prints a line for each operation, "ok NAME: N faults, M refused" or "not ok NAME: why"; exits with 1 after one of the latter.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "../module/selftest/harness.h"

/* No operation comes near it; loading the module comes nearest. */
#define MOST_FAULTS 2000
#define MODULE_FILE "/keystorm/keystorm.ko"

static int fail_nth_file;

/* The Nth allocation of this thread from now on fails. */
static void arm(int nth)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", nth);

	require(write(fail_nth_file, text, (size_t)size) == size, "cannot arm fail-nth: %s", strerror(errno));
}

/*
 * True if something was made to fail since arm(). Reading and writing the file copies from and to user space as well: when that
 * is what the fault was left for, it meets nobody else.
 */
static bool disarm(void)
{
	char text[16] = "";
	bool readable = pread(fail_nth_file, text, sizeof(text) - 1, 0) > 0;

	require(readable || errno == EFAULT, "cannot read fail-nth: %s", strerror(errno));
	require(pwrite(fail_nth_file, "0", 1, 0) == 1 || errno == EFAULT, "cannot disarm fail-nth: %s", strerror(errno));
	return readable && atoi(text) == 0;
}

/* What the operations share; made anew for each attempt. */
struct stage {
	int attempt;
	int queue;
	int file;
	struct asker asker;
	struct message message;
	pid_t agent;
	ks_key_serial key;
	char description[64];
};

/*
 * `prepare` and `finish` run without failures. `perform` returns 0 or an errno. `finish` is told which, and sees to it that what
 * was refused works now, and that nothing is left.
 */
struct operation {
	const char *name;
	void (*prepare)(struct stage *stage);
	int (*perform)(struct stage *stage);
	void (*finish)(struct stage *stage, int error);
	/* An errno that it may end with besides. */
	int also;
};

static void nothing(struct stage *stage)
{
	(void)stage;
}

static void describe(struct stage *stage, const char *what)
{
	snprintf(stage->description, sizeof(stage->description), "failnth:%s-%d", what, stage->attempt);
}

/* ---- a queue ---- */
static int open_device(struct stage *stage)
{
	stage->queue = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	return stage->queue < 0 ? errno : 0;
}

static void close_device(struct stage *stage, int error)
{
	if (error)
		stage->queue = open_queue();
	close(stage->queue);
}

/* ---- registering ---- */
static void prepare_queue(struct stage *stage)
{
	stage->queue = open_queue();
}

static int add_agent(struct stage *stage, const char *format, int argument)
{
	stage->key = try_register(format, argument);
	return stage->key < 0 ? errno : 0;
}

static void remove_agent(struct stage *stage)
{
	require(!ks_key_unlink(stage->key, KEY_SPEC_SESSION_KEYRING), "cannot unlink the registration: %s", strerror(errno));
}

static int register_queue(struct stage *stage)
{
	return add_agent(stage, "fd-write:%d", stage->queue);
}

static void unregister_queue(struct stage *stage, int error)
{
	if (error)
		stage->key = register_agent("fd-write:%d", stage->queue);
	remove_agent(stage);
	close(stage->queue);
}

static int register_signal(struct stage *stage)
{
	return add_agent(stage, "signal:%d", agent_signal());
}

static void unregister_signal(struct stage *stage, int error)
{
	if (error)
		stage->key = register_agent("signal:%d", agent_signal());
	remove_agent(stage);
}

static void prepare_attached(struct stage *stage)
{
	prepare_queue(stage);
	stage->key = register_agent("fd-write:%d", stage->queue);
	/* Another queue takes the registration over. */
	stage->file = stage->queue;
	prepare_queue(stage);
}

static void unregister_both(struct stage *stage, int error)
{
	close(stage->file);
	unregister_queue(stage, error);
}

/* ---- registering by ioctl ---- */
/* A queue of its own for the caller's user namespace, or a filter that names it. */
static int ask_ioctl(struct stage *stage, unsigned long command, uint32_t route, uint32_t flags)
{
	struct ks_registration wish = { .size = sizeof(wish), .route = route, .flags = flags };
	bool filter = route == KS_ROUTE_INTERCEPT;
	int own = filter ? open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC) : -1, error;

	if (filter && own < 0)
		return errno;
	wish.nr_namespaces = filter;
	wish.namespaces[0] = filter ? own : 0;
	snprintf(wish.key_type, sizeof(wish.key_type), "user");
	if (command == KS_IOC_REGISTER)
		snprintf(wish.agent, sizeof(wish.agent), "fd-write:%d", stage->queue);
	error = ioctl(stage->queue, command, &wish) ? errno : 0;
	if (filter)
		close(own);
	return error;
}

static int register_userns(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_USERNS, 0);
}

static int register_filter(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_INTERCEPT, 0);
}

static void finish_ioctl(struct stage *stage, uint32_t route, int error)
{
	if (error)
		require(!ask_ioctl(stage, KS_IOC_REGISTER, route, 0), "registering again: %s", strerror(errno));
	require(!ask_ioctl(stage, KS_IOC_WITHDRAW, route, 0), "withdrawing: %s", strerror(errno));
	close(stage->queue);
}

static void withdraw_userns(struct stage *stage, int error)
{
	finish_ioctl(stage, KS_ROUTE_USERNS, error);
}

static void withdraw_filter(struct stage *stage, int error)
{
	finish_ioctl(stage, KS_ROUTE_INTERCEPT, error);
}

static void prepare_registered(struct stage *stage)
{
	prepare_queue(stage);
	require(!register_filter(stage), "registering a filter: %s", strerror(errno));
}

static int withdraw(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_WITHDRAW, KS_ROUTE_INTERCEPT, 0);
}

static void finish_withdraw(struct stage *stage, int error)
{
	if (error)
		require(!withdraw(stage), "withdrawing again: %s", strerror(errno));
	require(withdraw(stage) == ENOENT, "what was withdrawn is still there");
	close(stage->queue);
}

static int reattach(struct stage *stage)
{
	return ask_ioctl(stage, KS_IOC_REGISTER, KS_ROUTE_INTERCEPT, KS_REATTACH);
}

static void prepare_reattach(struct stage *stage)
{
	prepare_registered(stage);
	stage->file = stage->queue;
	prepare_queue(stage);
}

static void finish_reattach(struct stage *stage, int error)
{
	if (error)
		require(!reattach(stage), "re-attaching again: %s", strerror(errno));
	require(!withdraw(stage), "withdrawing: %s", strerror(errno));
	close(stage->queue);
	close(stage->file);
}

/* ---- asking ---- */
static void instantiate(ks_key_serial key)
{
	syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key);
	syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, "yes", 3, 0);
}

/* An agent of its own process answers with "yes" until it is killed. */
static void serve(struct stage *stage, const char *format)
{
	int ready[2];
	char said;

	require(!pipe2(ready, O_CLOEXEC), "pipe: %s", strerror(errno));
	stage->agent = fork_tied();
	if (!stage->agent) {
		bool signalled = !strncmp(format, "signal", 6), by_keyctl = !strncmp(format, "fd-keyctl", 9);
		int queue = signalled ? -1 : open_queue();

		block_agent_signal();
		register_agent(format, signalled ? agent_signal() : queue);
		require(write(ready[1], "r", 1) == 1, "cannot say ready");
		for (;;) {
			if (signalled) {
				ks_key_serial key = take_signal();

				instantiate(key);
			} else if (read(queue, &stage->message, sizeof(stage->message)) > 0) {
				if (by_keyctl)
					instantiate(stage->message.request.serial);
				else
					answer_text(queue, stage->message.request.serial, "yes");
			}
		}
	}
	close(ready[1]);
	require(read(ready[0], &said, 1) == 1, "the agent did not say ready");
	close(ready[0]);
}

static void prepare_fd_agent(struct stage *stage)
{
	describe(stage, "ask-fd");
	serve(stage, "fd-write:%d");
}

static void prepare_keyctl_agent(struct stage *stage)
{
	describe(stage, "ask-keyctl");
	serve(stage, "fd-keyctl:%d");
}

static void prepare_signal_agent(struct stage *stage)
{
	describe(stage, "ask-signal");
	serve(stage, "signal:%d");
}

static int request(struct stage *stage)
{
	return ks_request_key("user", stage->description, "ks", KEY_SPEC_SESSION_KEYRING) < 0 ? errno : 0;
}

static void finish_request(struct stage *stage, int error)
{
	ks_key_serial key;

	if (error) {
		/* What failed may stay as a negative key for a moment: another one. */
		strncat(stage->description, "-again", sizeof(stage->description) - strlen(stage->description) - 1);
		require(!request(stage), "the next request fails: %s", strerror(errno));
	}
	key = ks_keyring_search(KEY_SPEC_SESSION_KEYRING, "user", stage->description);
	require(key > 0, "the key is not in the session keyring: %s", strerror(errno));
	kill(stage->agent, SIGKILL);
	wait_killed(stage->agent);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

/* ---- answering ---- */
static void await_request(const struct stage *stage)
{
	struct pollfd ready = { stage->queue, POLLIN, 0 };

	require(poll(&ready, 1, PATIENCE_MS) == 1, "no request came");
}

static void prepare_pending(struct stage *stage)
{
	describe(stage, "pending");
	prepare_queue(stage);
	stage->key = register_agent("fd-write:%d", stage->queue);
	stage->asker = ask(stage->description);
	await_request(stage);
}

static int take_request(struct stage *stage)
{
	return read(stage->queue, &stage->message, sizeof(stage->message)) < 0 ? errno : 0;
}

/* A request whose reading failed is still there. */
static void answer_taken(struct stage *stage, int error)
{
	struct outcome outcome;

	if (error)
		take(stage->queue, &stage->message);
	require(!answer_text(stage->queue, stage->message.request.serial, "yes"), "an answer was refused: %s", strerror(errno));
	outcome = told(&stage->asker, PATIENCE_MS);
	require(!outcome.error, "the requester got %s", strerrorname_np(outcome.error));
	unregister_queue(stage, 0);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

/* ---- answering with the authority that reading a request gives ---- */
static void prepare_entitling(struct stage *stage)
{
	describe(stage, "entitled");
	prepare_queue(stage);
	/* A request that ends for want of memory is passed over: reading would wait for the next. */
	require(!fcntl(stage->queue, F_SETFL, O_NONBLOCK), "O_NONBLOCK: %s", strerror(errno));
	stage->key = register_agent("fd-keyctl:%d", stage->queue);
	stage->asker = ask(stage->description);
	await_request(stage);
}

/*
 * A request whose authority cannot be handed over ends with the same error, at once; one that could not be copied out is
 * still there.
 */
static void answer_entitled(struct stage *stage, int error)
{
	struct pollfd ready = { stage->queue, POLLIN, 0 };
	struct outcome outcome;

	if (error && poll(&ready, 1, 0) == 1 && ready.revents & POLLIN) {
		take(stage->queue, &stage->message);
		error = 0;
	}
	if (!error) {
		ks_key_serial key = stage->message.request.serial;

		require(syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) > 0, "no authority: %s", strerror(errno));
		require(!syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, "yes", 3, 0), "instantiate: %s", strerror(errno));
	}
	outcome = told(&stage->asker, PATIENCE_MS);
	require(error ? outcome.error == ENOMEM : !outcome.error, "the requester got %s", strerrorname_np(outcome.error));
	unregister_queue(stage, 0);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

static void prepare_taken(struct stage *stage)
{
	prepare_pending(stage);
	take(stage->queue, &stage->message);
}

static int give_answer(struct stage *stage)
{
	return answer_text(stage->queue, stage->message.request.serial, "yes");
}

/* An answer that failed has left the request pending. */
static void finish_answer(struct stage *stage, int error)
{
	struct outcome outcome;

	if (error)
		require(!answer_text(stage->queue, stage->message.request.serial, "yes"), "the second answer was refused: %s",
			strerror(errno));
	outcome = told(&stage->asker, PATIENCE_MS);
	require(!outcome.error, "the requester got %s", strerrorname_np(outcome.error));
	unregister_queue(stage, 0);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

static int reject(struct stage *stage)
{
	return answer(stage->queue, stage->message.request.serial, EKEYREJECTED, 1, NULL, 0);
}

static void finish_reject(struct stage *stage, int error)
{
	struct outcome outcome;

	if (error)
		require(!reject(stage), "the second rejection was refused");
	outcome = told(&stage->asker, PATIENCE_MS);
	require(outcome.error == EKEYREJECTED, "the requester got %s", strerrorname_np(outcome.error));
	unregister_queue(stage, 0);
	ks_keyring_clear(KEY_SPEC_SESSION_KEYRING);
}

static int asked_queue;

/* The requester is forked: it must not keep the queue open. */
static void let_go(void)
{
	close(asked_queue);
}

static void prepare_abandoned(struct stage *stage)
{
	describe(stage, "abandoned");
	prepare_queue(stage);
	stage->key = register_agent("fd-write:%d", stage->queue);
	asked_queue = stage->queue;
	stage->asker = ask_as(stage->description, let_go);
	await_request(stage);
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

/* ---- settings, loading ---- */
static int write_setting(const char *name, const char *value)
{
	char path[128];
	int fd, error;

	snprintf(path, sizeof(path), "/sys/module/keystorm/parameters/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = write(fd, value, strlen(value)) < 0 ? errno : 0;
	close(fd);
	return error;
}

static void mode_off(struct stage *stage)
{
	(void)stage;
	set("mode", "off");
}

static int mode_session(struct stage *stage)
{
	(void)stage;
	return write_setting("mode", "session");
}

static void finish_mode(struct stage *stage, int error)
{
	(void)stage;
	if (error)
		set("mode", "session");
}

static void stages_off(struct stage *stage)
{
	(void)stage;
	set("stages", "0");
}

static int stages_on(struct stage *stage)
{
	(void)stage;
	return write_setting("stages", "1");
}

static void finish_stages(struct stage *stage, int error)
{
	if (error)
		set("stages", "1");
	stages_off(stage);
}

static void prepare_stages(struct stage *stage)
{
	prepare_queue(stage);
	set("stages", "1");
}

static int take_stages(struct stage *stage)
{
	struct ks_stage records[4];
	struct ks_stages stages = { .size = sizeof(stages), .nr = 4, .records = (uint64_t)(uintptr_t)records };

	return ioctl(stage->queue, KS_IOC_STAGES, &stages) ? errno : 0;
}

static void finish_take_stages(struct stage *stage, int error)
{
	if (error)
		require(!take_stages(stage), "the stages cannot be taken: %s", strerror(errno));
	close(stage->queue);
	stages_off(stage);
}

static void unload(struct stage *stage)
{
	(void)stage;
	require(!syscall(SYS_delete_module, "keystorm", O_NONBLOCK), "cannot unload: %s", strerror(errno));
	stage->file = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	require(stage->file >= 0, "cannot open %s: %s", MODULE_FILE, strerror(errno));
}

static int load(struct stage *stage)
{
	return syscall(SYS_finit_module, stage->file, "", 0) ? errno : 0;
}

static void finish_load(struct stage *stage, int error)
{
	if (error)
		require(!load(stage), "loading the module again: %s", strerror(errno));
	close(stage->file);
	set("mode", "session");
	set("fallback", "refuse");
}

static const struct operation operations[] = {
	{ "open-queue", nothing, open_device, close_device, 0 },
	{ "register-queue", prepare_queue, register_queue, unregister_queue, 0 },
	{ "register-signal", nothing, register_signal, unregister_signal, 0 },
	{ "reattach-queue", prepare_attached, register_queue, unregister_both, 0 },
	{ "register-userns", prepare_queue, register_userns, withdraw_userns, 0 },
	{ "register-filter", prepare_queue, register_filter, withdraw_filter, 0 },
	{ "reattach-filter", prepare_reattach, reattach, finish_reattach, 0 },
	{ "withdraw-filter", prepare_registered, withdraw, finish_withdraw, 0 },
	{ "request-by-queue", prepare_fd_agent, request, finish_request, 0 },
	/* A signal for which there is no memory is a signal too many. */
	{ "request-by-signal", prepare_signal_agent, request, finish_request, EAGAIN },
	{ "request-by-queue-and-keyctl", prepare_keyctl_agent, request, finish_request, 0 },
	{ "read-request", prepare_pending, take_request, answer_taken, 0 },
	/* Whom there is no memory to entitle is handed nothing. */
	{ "read-entitling", prepare_entitling, take_request, answer_entitled, EAGAIN },
	{ "write-answer", prepare_taken, give_answer, finish_answer, 0 },
	{ "write-rejection", prepare_taken, reject, finish_reject, 0 },
	{ "close-with-request", prepare_abandoned, close_pending, finish_close, 0 },
	{ "set-mode", mode_off, mode_session, finish_mode, 0 },
	{ "set-stages", stages_off, stages_on, finish_stages, 0 },
	{ "take-stages", prepare_stages, take_stages, finish_take_stages, 0 },
	{ "load-module", unload, load, finish_load, 0 },
};

static void run(const struct operation *operation)
{
	int tried = 0, refused = 0, nth;

	for (nth = 1;; nth++) {
		struct stage stage = { .attempt = nth, .queue = -1, .file = -1 };
		long helpers = counter("helper_execs");
		bool failed;
		int error;

		require(nth <= MOST_FAULTS, "more than %d faults", MOST_FAULTS);
		operation->prepare(&stage);
		arm(nth);
		error = operation->perform(&stage);
		failed = disarm();
		require(failed || !error, "failed with %s without a fault", strerrorname_np(error));
		require(!error || error == ENOMEM || error == EFAULT || error == operation->also, "with fault %d: %s", nth, strerrorname_np(error));
		operation->finish(&stage, error);
		/* Loading the module anew begins to count anew. */
		require(counter("helper_execs") <= helpers, "with fault %d the host's helper was executed", nth);
		if (!failed)
			break;
		tried++;
		refused += error != 0;
	}
	printf("ok %s: %d faults, %d refused\n", operation->name, tried, refused);
}

static bool chosen(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int run_apart(const struct operation *operation)
{
	char reason[256] = "";
	int pipes[2], status;
	pid_t pid;

	require(!pipe(pipes), "pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork_tied();
	if (!pid) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		fail_nth_file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		require(fail_nth_file >= 0, "this kernel lets no allocation fail on demand: %s", strerror(errno));
		require(ks_session_new() > 0, "no session keyring: %s", strerror(errno));
		block_agent_signal();
		run(operation);
		fflush(stdout);
		_exit(0);
	}
	close(pipes[1]);
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		close(pipes[0]);
		return 0;
	}
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	if (read(pipes[0], reason, sizeof(reason) - 1) < 0)
		reason[0] = '\0';
	reason[strcspn(reason, "\n")] = '\0';
	printf("not ok %s: %s\n", operation->name, reason[0] ? reason : "killed");
	close(pipes[0]);
	return 1;
}

int main(int argc, char **argv)
{
	size_t i;
	int bad = 0;

	(void)argc;
	set("mode", "session");
	set("fallback", "refuse");
	set("timeout_ms", "60000");
	set("refusal_s", "1");
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (chosen(operations[i].name, argv + 1))
			bad |= run_apart(&operations[i]);
	return bad;
}
