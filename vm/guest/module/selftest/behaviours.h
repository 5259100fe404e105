/* SPDX-License-Identifier: MIT */
/* The behaviours of ks-selftest, a table for each file of them, and what several of them do to the module. */
#ifndef KS_SELFTEST_BEHAVIOURS_H
#define KS_SELFTEST_BEHAVIOURS_H

struct behaviour {
	const char *name;
	void (*run)(void);
};

extern const struct behaviour answer_behaviours[];
extern const struct behaviour death_behaviours[];
extern const struct behaviour refusal_behaviours[];
extern const struct behaviour registration_behaviours[];
extern const struct behaviour boundary_behaviours[];
extern const struct behaviour load_behaviours[];
extern const struct behaviour userns_behaviours[];
extern const struct behaviour intercept_behaviours[];
extern const struct behaviour end_behaviours[];
extern const struct behaviour right_behaviours[];
extern const struct behaviour type_behaviours[];
extern const struct behaviour bound_behaviours[];
extern const struct behaviour hook_behaviours[];
extern const struct behaviour in_kernel_behaviours[];
extern const struct behaviour unload_behaviours[];
extern const struct behaviour entitlement_behaviours[];
extern const struct behaviour unentitled_behaviours[];
extern const struct behaviour authority_end_behaviours[];
extern const struct behaviour stage_behaviours[];
extern const struct behaviour rfc_behaviours[];
extern const struct behaviour forgery_behaviours[];

/** The module's timeout as every behaviour finds it: far longer than what is "at once". */
void set_usual_timeout(void);

/** The errno of unloading the module, 0 if it is gone. */
int unload_keystorm(void);
void load_keystorm(void);
/** Has the kernel register the key type dns_resolver, later than keystorm.ko was loaded. */
void load_dns_resolver(void);
#define PROBE_MODULE "keystorm_probe"
/** The module that asks from inside the kernel, and can stand in keystorm.ko's way. */
void load_probe(void);
void unload_probe(void);

#endif
