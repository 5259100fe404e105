#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts back what keystorm has changed on this machine, whatever became of it meanwhile. As root; again as often as one likes. Says
# what could not be put back, and then exits with 1 and leaves itself here for another try.
here=/keystorm
before=$here/before
rule=/etc/request-key.d/keystorm.conf
helper=/sbin/request-key
trouble=0

complain() {
	trouble=1
	echo "$*"
}

# Processes that execute a program of ours whose name matches, wherever from. Two programs for all of them: a busy emulated machine
# takes a second for a dozen.
ours() {
	ls -l /proc/[0-9]*/exe 2>/dev/null |
		sed -n "s,^.* /proc/\([0-9]*\)/exe -> \($here\|/run/keystorm/programs\)/$1\( (deleted)\)*\$,\1,p"
}

end_programs() {
	for pid in $(ours ks-runner); do kill -TERM "$pid" 2>/dev/null; done
	# It stops its containers, unloads the module and puts its helper back by itself.
	flock -w 25 /run/keystorm.lock true && [ -z "$(ours 'ks-.*')" ] && return
	for pid in $(ours 'ks-.*'); do kill -KILL "$pid" 2>/dev/null; done
	flock -w 5 /run/keystorm.lock true || complain "a runner does not end"
	tries=0
	while [ -n "$(ours 'ks-.*')" ] && [ $tries -lt 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ -z "$(ours 'ks-.*')" ] || complain "these processes of keystorm do not end:" $(ours 'ks-.*')
}

unload() {
	for module in keystorm_rfc keystorm_probe keystorm_sanitizer keystorm; do
		[ ! -d /sys/module/$module ] || rmmod $module 2>/dev/null
		[ ! -d /sys/module/$module ] || complain "the module $module is still loaded"
	done
}

restore_helper() {
	# Moving a file's one name onto another of the same file does nothing.
	[ ! -e $helper.keystorm-saved ] || mv -f $helper.keystorm-saved $helper || complain "$helper could not be put back"
	rm -f $helper.keystorm-saved $helper.keystorm-new
}

restore_groups() {
	for group in /sys/fs/cgroup/keystorm-c*/agent /sys/fs/cgroup/keystorm-c*/rest /sys/fs/cgroup/keystorm-c* /sys/fs/cgroup/keystorm-check; do
		[ ! -d "$group" ] || rmdir "$group" || complain "the control group $group is still there"
	done
	for controller in $(cat /sys/fs/cgroup/cgroup.subtree_control); do
		case " $(cat $before/controllers) " in
		*" $controller "*) ;;
		*) echo "-$controller" >/sys/fs/cgroup/cgroup.subtree_control || complain "the controller $controller could not be put back" ;;
		esac
	done
}

restore_settings() {
	while read -r file value; do
		echo "$value" >"$file"
		[ "$(cat "$file")" = "$value" ] || complain "$file could not be put back to $value"
	done <$before/settings
}

restore_rule() {
	if [ -e $before/rule ]; then
		cp -p $before/rule $rule || complain "$rule could not be put back"
	else
		rm -f $rule || complain "$rule could not be removed"
	fi
	[ ! -e $before/no-rules ] || rmdir /etc/request-key.d 2>/dev/null
}

main() {
	# First, so that nothing of ours is loaded any more.
	rm -f /run/keystorm.unlock
	if [ -d $before ]; then
		end_programs
		unload
		restore_helper
		while umount -l /run/keystorm 2>/dev/null; do :; done
		rmdir /run/keystorm 2>/dev/null
		restore_rule
		# Those of another boot are gone with it.
		if [ "$(cat $before/boot_id)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
			restore_groups
			restore_settings
		fi
	fi
	[ $trouble = 0 ] || exit 1
	rm -f /run/keystorm.lock
	if [ -e $here/was-there ]; then
		rm -rf $here/* $here/.[!.]* || complain "$here could not be emptied"
	else
		rm -rf $here || complain "$here could not be removed"
	fi
	exit $trouble
}

# Whole before it begins: it removes itself.
main
