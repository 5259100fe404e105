// SPDX-License-Identifier: GPL-2.0-only
/* The module's parameters. Those that are words are looked up in a table. */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "keystorm.h"

static const char * const ks_mode_names[] = {
	[KS_MODE_OFF] = "off",
	[KS_MODE_SESSION] = "session",
	[KS_MODE_USERNS] = "userns",
	[KS_MODE_INTERCEPT] = "intercept",
	[KS_MODE_NULL] = "null",
};

static const char * const ks_fallback_names[] = {
	[KS_FALLBACK_TO_STOCK] = "stock",
	[KS_FALLBACK_TO_REFUSE] = "refuse",
};

/* Mode and hook change together; ks_started says the module can serve. */
static DEFINE_MUTEX(ks_mode_lock);
static bool ks_started;
static int ks_mode_value = KS_MODE_OFF;
static int ks_fallback_value = KS_FALLBACK_TO_STOCK;
static unsigned int ks_timeout_ms_value = 30000;
static unsigned int ks_refusal_s_value = 1;

/**
 * ks_mode - what the hook does with a request
 */
enum ks_mode ks_mode(void)
{
	return READ_ONCE(ks_mode_value);
}

/**
 * ks_fallback_policy - what becomes of a request without an eligible agent
 */
enum ks_fallback ks_fallback_policy(void)
{
	return READ_ONCE(ks_fallback_value);
}

/**
 * ks_timeout_ms - how long an agent may take, in milliseconds
 */
unsigned int ks_timeout_ms(void)
{
	return READ_ONCE(ks_timeout_ms_value);
}

/**
 * ks_refusal_s - how long a refusal stays as a negative key, in seconds
 */
unsigned int ks_refusal_s(void)
{
	return READ_ONCE(ks_refusal_s_value);
}

static int ks_mode_apply(int mode)
{
	int ret = ks_hook_set(mode != KS_MODE_OFF);

	if (!ret)
		WRITE_ONCE(ks_mode_value, mode);
	return ret;
}

static int ks_mode_set(const char *text, const struct kernel_param *param)
{
	int mode = sysfs_match_string(ks_mode_names, text);
	int ret = 0;

	if (mode < 0)
		return mode;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mutex_lock(&ks_mode_lock);
	if (ks_started)
		ret = ks_mode_apply(mode);
	else
		ks_mode_value = mode;
	mutex_unlock(&ks_mode_lock);
	return ret;
}

static int ks_mode_get(char *page, const struct kernel_param *param)
{
	return sysfs_emit(page, "%s\n", ks_mode_names[ks_mode()]);
}

static int ks_fallback_set(const char *text, const struct kernel_param *param)
{
	int fallback = sysfs_match_string(ks_fallback_names, text);

	if (fallback < 0)
		return fallback;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	WRITE_ONCE(ks_fallback_value, fallback);
	return 0;
}

static int ks_fallback_get(char *page, const struct kernel_param *param)
{
	return sysfs_emit(page, "%s\n", ks_fallback_names[ks_fallback_policy()]);
}

/**
 * ks_number_set - what a parameter that is a number is written with
 * @text: the number
 * @param: an unsigned int
 * @min: least
 * @max: and greatest value
 *
 * Return: 0; -EINVAL; -EPERM.
 */
int ks_number_set(const char *text, const struct kernel_param *param, unsigned int min, unsigned int max)
{
	return capable(CAP_SYS_ADMIN) ? param_set_uint_minmax(text, param, min, max) : -EPERM;
}

static int ks_timeout_set(const char *text, const struct kernel_param *param)
{
	return ks_number_set(text, param, 1, 3600 * 1000);
}

static int ks_refusal_set(const char *text, const struct kernel_param *param)
{
	return ks_number_set(text, param, 0, 3600);
}

static const struct kernel_param_ops ks_mode_ops = { .set = ks_mode_set, .get = ks_mode_get };
static const struct kernel_param_ops ks_fallback_ops = { .set = ks_fallback_set, .get = ks_fallback_get };
static const struct kernel_param_ops ks_timeout_ops = { .set = ks_timeout_set, .get = param_get_uint };
static const struct kernel_param_ops ks_refusal_ops = { .set = ks_refusal_set, .get = param_get_uint };

module_param_cb(mode, &ks_mode_ops, NULL, 0644);
MODULE_PARM_DESC(mode, "off, session, userns, intercept or null");
module_param_cb(fallback, &ks_fallback_ops, NULL, 0644);
MODULE_PARM_DESC(fallback, "stock or refuse: what becomes of a request without an eligible agent");
module_param_cb(timeout_ms, &ks_timeout_ops, &ks_timeout_ms_value, 0644);
MODULE_PARM_DESC(timeout_ms, "how long an agent may take, 1 to 3600000");
module_param_cb(refusal_s, &ks_refusal_ops, &ks_refusal_s_value, 0644);
MODULE_PARM_DESC(refusal_s, "seconds a refusal stays as a negative key, 0 to 3600");

/**
 * ks_settings_start - everything else is up: let the mode take effect
 *
 * Return: 0, or the error of hooking.
 */
int ks_settings_start(void)
{
	int ret;

	mutex_lock(&ks_mode_lock);
	ret = ks_mode_apply(ks_mode_value);
	ks_started = !ret;
	mutex_unlock(&ks_mode_lock);
	return ret;
}

/**
 * ks_settings_stop - unhook for good
 */
void ks_settings_stop(void)
{
	mutex_lock(&ks_mode_lock);
	ks_mode_apply(KS_MODE_OFF);
	ks_started = false;
	mutex_unlock(&ks_mode_lock);
}
