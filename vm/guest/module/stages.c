// SPDX-License-Identifier: GPL-2.0-only
/*
 * When an agent's upcalls reached which stage. Recorded while the parameter
 * "stages" is set, kept until KS_IOC_STAGES takes them. What no longer fits is
 * counted, so that whoever takes them knows what is missing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <linux/vmalloc.h>

#include "keystorm.h"
#include "keystorm_uapi.h"

/* How many are copied while the lock is held. */
#define KS_STAGES_AT_ONCE 64

DEFINE_STATIC_KEY_FALSE(ks_stages_on);

/*
 * The ring. Writers append under ks_stages_lock; ks_stages_taker serialises those
 * who take, and who switch recording on and off. A record stays in the ring until
 * it has been copied out.
 */
static DEFINE_MUTEX(ks_stages_taker);
static DEFINE_SPINLOCK(ks_stages_lock);
static struct ks_stage *ks_stages_ring;
static u32 ks_stages_room;
static bool ks_stages_stopped;
static unsigned int ks_stages_room_wanted = KS_STAGES_MAX;
static u64 ks_stages_added, ks_stages_taken, ks_stages_lost;

/**
 * ks_stages_add - record one upcall
 * @serial: of the key it was about
 * @entered: when the request arrived, nanoseconds of CLOCK_MONOTONIC
 * @told: when its agent was about to be told
 * @over: when the requester's wait had ended
 *
 * The requester's task.
 */
void ks_stages_add(key_serial_t serial, u64 entered, u64 told, u64 over)
{
	spin_lock(&ks_stages_lock);
	if (!ks_stages_ring || ks_stages_added - ks_stages_taken == ks_stages_room)
		ks_stages_lost++;
	else
		ks_stages_ring[ks_stages_added++ % ks_stages_room] = (struct ks_stage){
			.serial = serial,
			.entered = entered,
			.told = told,
			.over = over,
		};
	spin_unlock(&ks_stages_lock);
}

/* The oldest records, up to @room of them; they stay. */
static u32 ks_stages_peek(struct ks_stage *stages, u32 room)
{
	u32 i, nr;

	spin_lock(&ks_stages_lock);
	nr = min_t(u64, room, ks_stages_added - ks_stages_taken);
	for (i = 0; i < nr; i++)
		stages[i] = ks_stages_ring[(ks_stages_taken + i) % ks_stages_room];
	spin_unlock(&ks_stages_lock);
	return nr;
}

static void ks_stages_drop(u32 nr)
{
	spin_lock(&ks_stages_lock);
	ks_stages_taken += nr;
	spin_unlock(&ks_stages_lock);
}

/* Caller holds ks_stages_taker. What a chunk has copied is gone from the ring, whatever happens afterwards. */
static int ks_stages_copy(struct ks_stages *take, struct ks_stage *buffer)
{
	struct ks_stage __user *to = u64_to_user_ptr(take->records);
	u32 nr, room = take->nr;

	for (take->nr = 0; take->nr < room; take->nr += nr) {
		nr = ks_stages_peek(buffer, min_t(u32, room - take->nr, KS_STAGES_AT_ONCE));
		if (!nr)
			break;
		if (copy_to_user(to + take->nr, buffer, nr * sizeof(*buffer)))
			return -EFAULT;
		ks_stages_drop(nr);
		cond_resched();
	}
	return 0;
}

static u64 ks_stages_forget_lost(void)
{
	u64 lost;

	spin_lock(&ks_stages_lock);
	lost = ks_stages_lost;
	ks_stages_lost = 0;
	spin_unlock(&ks_stages_lock);
	return lost;
}

/**
 * ks_stages_take - KS_IOC_STAGES
 * @argument: struct ks_stages of the caller
 *
 * Return: 0, or what the header keystorm_uapi.h says.
 */
long ks_stages_take(struct ks_stages __user *argument)
{
	struct ks_stage *buffer;
	struct ks_stages take;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&take, argument, sizeof(take)))
		return -EFAULT;
	if (take.size != sizeof(take) || take.lost || take.nr > KS_STAGES_MAX)
		return -EINVAL;
	buffer = kmalloc_array(KS_STAGES_AT_ONCE, sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;

	mutex_lock(&ks_stages_taker);
	ret = ks_stages_copy(&take, buffer);
	if (!ret)
		take.lost = ks_stages_forget_lost();
	mutex_unlock(&ks_stages_taker);
	kfree(buffer);
	if (!ret && copy_to_user(argument, &take, sizeof(take)))
		ret = -EFAULT;
	return ret;
}

/* Recording anew forgets what was recorded before. Caller holds ks_stages_taker. */
static int ks_stages_start(void)
{
	u32 room = READ_ONCE(ks_stages_room_wanted);
	struct ks_stage *ring, *old;

	if (static_key_enabled(&ks_stages_on))
		return 0;
	if (ks_stages_stopped)
		return -ENODEV;
	ring = vzalloc(array_size(room, sizeof(*ring)));
	if (!ring)
		return -ENOMEM;
	spin_lock(&ks_stages_lock);
	old = ks_stages_ring;
	ks_stages_ring = ring;
	ks_stages_room = room;
	ks_stages_added = ks_stages_taken = ks_stages_lost = 0;
	spin_unlock(&ks_stages_lock);
	vfree(old);
	static_branch_enable(&ks_stages_on);
	return 0;
}

static int ks_stages_set(const char *text, const struct kernel_param *param)
{
	bool on;
	int ret = kstrtobool(text, &on);

	if (ret)
		return ret;
	/* Not on the command line: a module that fails to load would leave the ring behind. */
	if (THIS_MODULE->state != MODULE_STATE_LIVE)
		return -EBUSY;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mutex_lock(&ks_stages_taker);
	if (on)
		ret = ks_stages_start();
	else
		static_branch_disable(&ks_stages_on);
	mutex_unlock(&ks_stages_taker);
	return ret;
}

static int ks_stages_get(char *page, const struct kernel_param *param)
{
	return sysfs_emit(page, "%d\n", static_key_enabled(&ks_stages_on));
}

static const struct kernel_param_ops ks_stages_ops = { .set = ks_stages_set, .get = ks_stages_get };

module_param_cb(stages, &ks_stages_ops, NULL, 0644);
MODULE_PARM_DESC(stages, "1: record when each upcall reaches which stage, see KS_IOC_STAGES");

static int ks_stages_room_set(const char *text, const struct kernel_param *param)
{
	return ks_number_set(text, param, 1, KS_STAGES_MAX);
}

static const struct kernel_param_ops ks_stages_room_ops = { .set = ks_stages_room_set, .get = param_get_uint };

module_param_cb(stages_room, &ks_stages_room_ops, &ks_stages_room_wanted, 0644);
MODULE_PARM_DESC(stages_room, "records that are kept, 1 to 65536: of the next time that recording begins");

/**
 * ks_stages_stop - the module goes: nobody records or takes any more
 *
 * Somebody may still be writing to the parameter, which goes only later.
 */
void ks_stages_stop(void)
{
	mutex_lock(&ks_stages_taker);
	ks_stages_stopped = true;
	vfree(ks_stages_ring);
	ks_stages_ring = NULL;
	mutex_unlock(&ks_stages_taker);
}
