/* SPDX-License-Identifier: MIT */
/*
 * What every part of ks-fuzz needs: numbers drawn from a seed, the tally of calls, and a way to say what must not be.
 * Whoever draws is a process of its own with a seed of its own, so one run's calls can be made again, though not their races.
 */
#ifndef KS_FUZZ_H
#define KS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- random.c ---- */
void draw_from(uint64_t seed);
uint32_t draw(uint32_t below);
uint64_t draw_bits(void);
/** True once in `n` times. */
bool once_in(uint32_t n);
void draw_bytes(void *bytes, size_t size);
/** A number near an edge: of a type, of a page, of a limit of the module's; or any. */
uint64_t draw_edge(void);
/** One of a list of words. */
#define draw_of(list) ((list)[draw(sizeof(list) / sizeof((list)[0]))])

/* ---- tally.c ---- */
enum interface {
	OPEN,
	CLOSE,
	IOCTL_REGISTER,
	IOCTL_WITHDRAW,
	IOCTL_STAGES,
	IOCTL_OTHER,
	READ,
	WRITE,
	WRITEV,
	POLL,
	ADD_KEY_AGENT,
	ADD_KEY_PROGRAM,
	UPDATE_KEY,
	OTHER_KEYCTL,
	REQUEST_KEY,
	SETTING,
	RACE,
	NR_INTERFACES,
};

void tally_open(void);
/** Notes one call: what it returned, and errno if that is -1. Returns what it was given. An errno that is none is a violation. */
long called(enum interface interface, long result);
/** Says before a call that may not return which one it is; `called` takes it back. */
void calling(enum interface interface);
/** Both, around a call. */
#define watched(interface, call) (calling(interface), called(interface, call))
/** How long the call that this process is in has lasted, ms; of a worker by its number. 0: it is in none. */
int64_t call_lasts_ms(int worker);
const char *call_of(int worker);
/** Which worker this process is from now on; 0: none, as the children of workers are, for which somebody waits. */
void tally_worker(int worker);
long tally_calls(void);
void tally_print(void);

/** What must not be. The first is kept, whoever says it. The process ends. */
__attribute__((noreturn, format(printf, 1, 2))) void violated(const char *format, ...);
const char *violation(void);

/* ---- who.c ---- */
enum role { ROOT, ORDINARY, NAMESPACED, NR_ROLES };
extern const char *const role_names[NR_ROLES];
/** Becomes the role, for good. All are outside the init uts namespace, so that no helper of the host is executed for them. */
void become_role(enum role role);

/* ---- descriptors.c ---- */
/** Opens, as root, what a hostile process may come to hold: namespaces, settings, files of every kind. */
void descriptors_open(pid_t stranger);
/** Queues of the process's own. */
void queues_open(void);
int draw_queue(void);
/** A queue, a namespace, any other file, or no file at all. */
int draw_descriptor(void);
/** So many of the process's own, of different kinds. */
void draw_namespaces(int32_t *namespaces, uint32_t nr);
/** An open setting: any process holds them, though only root may write. */
#define NR_SETTINGS 7
extern const char *const setting_names[NR_SETTINGS];
int setting_descriptor(int setting);

/* ---- memory.c ---- */
/** Memory for `size` bytes whose end is followed by nothing, for the kernel to run into. */
void *at_the_edge(const void *bytes, size_t size);
/** An address that is none, is the kernel's, or may only be read. */
void *draw_bad_address(void);

/* ---- the calls: each makes one, or a few ---- */
void fuzz_ioctl(void);
void fuzz_read(void);
void fuzz_write(void);
void fuzz_poll(void);
void fuzz_add_key(void);
void fuzz_keyctl(void);
void fuzz_request_key(void);
void fuzz_setting(enum role role);
void fuzz_race(void);
/** "fd-write:7" and the like, mostly; at most 40 bytes, ended by NUL. */
void draw_agent(char *text);

/* ---- canary.c ---- */
/** An agent in namespaces of its own, registered on every route, which the fuzzed must not disturb. Returns its process. */
pid_t canary_start(void);
/** Asks it on every route; what it must answer, or it is a violation of `who`'s. Sets the mode. */
void canary_sings(const char *who);
void canary_end(void);

#endif
