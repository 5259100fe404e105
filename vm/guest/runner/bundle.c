// SPDX-License-Identifier: MIT
#include "bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "files.h"
#include "json.h"
#include "workplace.h"

#define PATH_SIZE 256
#define DEVICE "/dev/keystorm"
#define SETUID_MODE 04755

static const char *const folders[] = { "", "/rootfs", "/rootfs/proc", "/rootfs/dev", "/rootfs/tmp", "/rootfs/keystorm", NULL };
static const char *const programs[] = { "ks-pod", "ks-agent", "ks-hammer", NULL };
static const char *const namespaces[] = { "pid", "network", "ipc", "uts", "mount", "user", "cgroup", NULL };

/* All of them, for agent and requesters alike: what differs between them is what the plan says, never this. */
static const char *const capabilities[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
	"CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
	"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
	"CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE", NULL
};

static void write_list(struct json *json, const char *key, const char *const *words)
{
	json_array(json, key);
	for (int i = 0; words[i]; i++)
		json_text(json, NULL, words[i]);
	json_array_end(json);
}

static void write_process(struct json *json)
{
	static const char *const args[] = { "/keystorm/ks-pod", NULL };
	static const char *const env[] = { "PATH=/keystorm", NULL };
	static const char *const sets[] = { "bounding", "effective", "permitted", NULL };

	json_object(json, "process");
	json_bool(json, "terminal", false);
	json_object(json, "user");
	json_unsigned(json, "uid", 0);
	json_unsigned(json, "gid", 0);
	json_object_end(json);
	write_list(json, "args", args);
	write_list(json, "env", env);
	json_text(json, "cwd", "/");
	json_bool(json, "noNewPrivileges", false);
	json_object(json, "capabilities");
	for (int i = 0; sets[i]; i++)
		write_list(json, sets[i], capabilities);
	json_object_end(json);
	json_object_end(json);
}

static void write_mount(struct json *json, const char *destination, const char *type, const char *source,
			const char *const *options)
{
	json_object(json, NULL);
	json_text(json, "destination", destination);
	json_text(json, "type", type);
	json_text(json, "source", source);
	write_list(json, "options", options);
	json_object_end(json);
}

static void write_mounts(struct json *json)
{
	static const char *const plain[] = { NULL };
	static const char *const dev[] = { "nosuid", "mode=755", "size=64k", NULL };
	static const char *const bound[] = { "bind", "nosuid", "noexec", NULL };
	static const char *const tmp[] = { "nosuid", "nodev", "mode=1777", NULL };

	json_array(json, "mounts");
	write_mount(json, "/proc", "proc", "proc", plain);
	write_mount(json, "/dev", "tmpfs", "tmpfs", dev);
	/* Bound, not made: a node made by crun has lost its mode to the umask and would shut out an agent that is not root. */
	write_mount(json, DEVICE, "bind", DEVICE, bound);
	write_mount(json, "/tmp", "tmpfs", "tmpfs", tmp);
	json_array_end(json);
}

static void write_id_mapping(struct json *json, const char *key, uint32_t uid)
{
	json_array(json, key);
	json_object(json, NULL);
	json_unsigned(json, "containerID", 0);
	json_unsigned(json, "hostID", uid);
	json_unsigned(json, "size", CONTAINER_UIDS);
	json_object_end(json);
	json_array_end(json);
}

static void write_linux(struct json *json, uint32_t uid)
{
	json_object(json, "linux");
	json_array(json, "namespaces");
	for (int i = 0; namespaces[i]; i++) {
		json_object(json, NULL);
		json_text(json, "type", namespaces[i]);
		json_object_end(json);
	}
	json_array_end(json);
	write_id_mapping(json, "uidMappings", uid);
	write_id_mapping(json, "gidMappings", uid);
	json_object_end(json);
}

static int write_config(const char *folder, const char *hostname, uint32_t uid)
{
	struct json json = { 0 };
	char path[PATH_SIZE];
	int result;

	json_object(&json, NULL);
	json_text(&json, "ociVersion", "1.0.2");
	write_process(&json);
	json_object(&json, "root");
	json_text(&json, "path", "rootfs");
	json_bool(&json, "readonly", true);
	json_object_end(&json);
	json_text(&json, "hostname", hostname);
	write_mounts(&json);
	write_linux(&json, uid);
	json_object_end(&json);
	snprintf(path, sizeof(path), "%s/config.json", folder);
	result = file_write(path, json.text);
	json_free(&json);
	return result;
}

static int write_root(const char *folder, uint32_t uid, bool with_setuid)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	for (int i = 0; folders[i]; i++) {
		snprintf(to, sizeof(to), "%s%s", folder, folders[i]);
		if (mkdir(to, 0755))
			return -1;
	}
	for (int i = 0; programs[i]; i++) {
		snprintf(from, sizeof(from), WORKPLACE_PROGRAMS "/%s", programs[i]);
		snprintf(to, sizeof(to), "%s/rootfs/keystorm/%s", folder, programs[i]);
		if (link(from, to))
			return -1;
	}
	if (!with_setuid)
		return 0;
	snprintf(to, sizeof(to), "%s/rootfs/keystorm/ks-hammer-setuid", folder);
	return file_copy(WORKPLACE_PROGRAMS "/ks-hammer", to, uid, SETUID_MODE);
}

int bundle_write(const char *folder, const char *hostname, uint32_t uid, bool with_setuid)
{
	if (write_root(folder, uid, with_setuid) || write_config(folder, hostname, uid))
		return fail("container", "cannot write the bundle %s: %s", folder, strerror(errno));
	return 0;
}

void bundle_remove(const char *folder)
{
	file_remove_tree(folder);
}
