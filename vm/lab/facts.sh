# SPDX-License-Identifier: MIT
# What is to be known of a machine before anything is done to it: lines of a word and a value. Only looks; as any user. Nearly all of
# it is done by the shell itself: to start a program takes a busy emulated machine a good while.
release=$(uname -r)
tree=/lib/modules/$release/build

first() { # NAME FILE: its first line
	line=
	[ ! -r "$2" ] || read -r line <"$2" || :
	printf '%s %s\n' "$1" "$line"
}

whether() { # NAME COMMAND...: whether it succeeds
	name=$1
	shift
	if "$@" >/dev/null 2>&1; then printf '%s yes\n' "$name"; else printf '%s no\n' "$name"; fi
}

assigned() { # NAME FILE VARIABLE: what the file assigns to it, without quotes
	line=
	value=
	[ ! -r "$2" ] || while read -r line; do
		case $line in "$3="*) value=${line#*=} ;; esac
	done <"$2"
	value=${value#\"}
	printf '%s %s\n' "$1" "${value%\"}"
}

mounted() {
	while read -r _ place type _; do
		[ "$place $type" != "$1 $2" ] || return 0
	done </proc/mounts
	return 1
}

hardware() {
	processors=0
	while read -r word _; do
		[ "$word" != processor ] || processors=$((processors + 1))
	done </proc/cpuinfo
	while read -r word value _; do
		[ "$word" != MemTotal: ] || printf 'processors %s\nmemory_kib %s\n' "$processors" "$value"
	done </proc/meminfo
}

printf 'release %s\narchitecture %s\nuid %s\n' "$release" "$(uname -m)" "$(id -u)"
whether sudo sudo -n true
first version /proc/version
first cmdline /proc/cmdline
first boot_id /proc/sys/kernel/random/boot_id
hardware
assigned codename /etc/os-release VERSION_CODENAME
assigned distribution /etc/os-release ID
whether crun test -x /usr/bin/crun
whether request_key test -x /sbin/request-key
whether flock command -v flock
whether groups mounted /sys/fs/cgroup cgroup2
first modules_disabled /proc/sys/kernel/modules_disabled
first signatures /sys/module/module/parameters/sig_enforce
first lockdown /sys/kernel/security/lockdown
# Some shells read byte by byte, of which a setting of the kernel has no second one.
printf 'user_namespaces %s\n' "$(cat /proc/sys/user/max_user_namespaces 2>/dev/null)"
first kernel_events /proc/sys/kernel/ftrace_enabled
whether headers test -e "$tree/Makefile"
if [ -e "$tree/Makefile" ]; then
	sum=$(cat "$tree/.config" "$tree/Module.symvers" 2>/dev/null | sha256sum)
	printf 'headers_sum %s\n' "${sum%% *}"
	assigned compiler "$tree/.config" CONFIG_CC_VERSION_TEXT
else
	printf 'headers_sum \ncompiler \n'
fi
if [ -e /keystorm/put-back ]; then
	echo folder ours
elif [ ! -e /keystorm ]; then
	echo folder absent
else
	folder=empty
	for file in /keystorm/* /keystorm/.[!.]*; do [ ! -e "$file" ] || folder=foreign; done
	echo "folder $folder"
fi
