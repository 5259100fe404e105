# SPDX-License-Identifier: MIT
# Changes a machine so that a runner can work there, after it has written down how to put that back. As root, once, after put-back
# lies in its place; it has been told that it may (docs/lab-box.md).
set -e
umask 022
here=/keystorm
before=$here/before
rule=/etc/request-key.d/keystorm.conf

mkdir "$before.new"
cat /proc/sys/kernel/random/boot_id >"$before.new/boot_id"
for name in maxkeys maxbytes root_maxkeys root_maxbytes; do
	echo "/proc/sys/kernel/keys/$name $(cat /proc/sys/kernel/keys/$name)"
done >"$before.new/settings"
cat /sys/fs/cgroup/cgroup.subtree_control >"$before.new/controllers"
[ ! -e $rule ] || cp -p $rule "$before.new/rule"
[ -d /etc/request-key.d ] || : >"$before.new/no-rules"
# From here on there is something to put back.
sync
mv "$before.new" "$before"

for name in maxkeys root_maxkeys; do echo 1000000 >/proc/sys/kernel/keys/$name; done
for name in maxbytes root_maxbytes; do echo 1000000000 >/proc/sys/kernel/keys/$name; done
mkdir -p /etc/request-key.d
cat >$rule
(umask 077 && cat /proc/sys/kernel/random/boot_id >/run/keystorm.unlock)
