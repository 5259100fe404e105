#!/bin/bash
# SPDX-License-Identifier: MIT
#
# First process of new mount, network, process, IPC and host-name namespaces (vm/vagrant/sandbox.ts makes them): gives libvirt folders, a
# network and processes that nobody else has, starts it, says "ready", and waits. When it ends, the kernel ends all that is in here.
# Arguments: kvm|tcg, the folder of logs.
set -eu
accelerator=$1 logs=$2
fail() {
	echo "failed $*"
	exit 1
}
[ $$ = 1 ] || fail "this is for vm/vagrant/sandbox.ts to start, in namespaces of its own"

# Folders of the host's libvirt, and all its sockets and pid files: here they are empty, and gone with this process.
for folder in /run /etc/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
	[ ! -d "$folder" ] || mount -t tmpfs -o mode=0755 keystorm "$folder"
done
mkdir -p /run/home /run/lock
mount -t proc proc /proc
# It shows this network alone, and no control group that libvirt could take.
mount -t sysfs sysfs /sys
# A KVM that does not boot guests, libvirt would try for minutes.
if [ "$accelerator" != kvm ] && [ -e /dev/kvm ]; then
	touch /run/no-kvm
	chmod 0600 /run/no-kvm
	mount --bind /run/no-kvm /dev/kvm
fi
# What a network stack says by itself may fall into a measuring window: there is no IPv6 here, and see below.
for kind in all default; do
	[ ! -e /proc/sys/net/ipv6/conf/$kind/disable_ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/$kind/disable_ipv6
done
ip link set lo up

cat >/etc/libvirt/libvirtd.conf <<CONF
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "2:file:$logs/libvirtd.log"
CONF
# What is asked to boot is read as it is: no owner is changed, no label set. QEMU writes the console itself.
cat >/etc/libvirt/qemu.conf <<CONF
user = "root"
group = "root"
dynamic_ownership = 0
security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
CONF
# As Vagrant would make it, but without the spanning tree protocol: it says something every two seconds.
cat >/run/network.xml <<XML
<network ipv6='no'>
  <name>vagrant-libvirt</name>
  <bridge name='virbr0' stp='off' delay='0'/>
  <ip address='192.168.121.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.121.2' end='192.168.121.254'/></dhcp>
  </ip>
</network>
XML

libvirtd --config /etc/libvirt/libvirtd.conf >"$logs/libvirtd.out" 2>&1 &
daemon=$!
export LIBVIRT_DEFAULT_URI=qemu:///system
tries=0
until virsh --quiet uri >/dev/null 2>&1; do
	kill -0 $daemon 2>/dev/null || fail "libvirtd ended: $(tail -n 1 "$logs/libvirtd.out")"
	[ $tries -lt 300 ] || fail "libvirtd takes no commands after 60 s; see $logs/libvirtd.log"
	tries=$((tries + 1))
	sleep 0.2
done
virsh --quiet net-define /run/network.xml >/dev/null && virsh --quiet net-start vagrant-libvirt >/dev/null ||
	fail "the network cannot be made: $(tail -n 1 "$logs/libvirtd.log")"
# Acknowledged at once, not 40 ms later.
ip route replace 192.168.121.0/24 dev virbr0 src 192.168.121.1 quickack 1 || fail "the route to the guests cannot be set"
echo ready
wait $daemon || fail "libvirtd ended with status $?"
