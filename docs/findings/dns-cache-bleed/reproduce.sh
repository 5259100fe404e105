#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Two network namespaces, and a helper that answers each request with the network namespace the requester is in: is everybody
# told its own? Root, on a machine to be thrown away. It needs keyutils, ip, ./bleed (cc -o bleed bleed.c) and, for the kernel's own
# lookups, ./dns_query_here.ko (see Kbuild).
#
# Exit status: 0 the namespaces are kept apart, 1 they are not, 2 it could not be tried.
cd "$(dirname "$0")" || exit 2
name=srv.example.test
helper=/sbin/answer-with-netns
rule=/etc/request-key.d/dns-cache-bleed.conf
separate=0

fail() {
	echo "reproduce.sh: $*" >&2
	exit 2
}

clean_up() {
	rm -f $helper $rule
	ip netns del first
	ip netns del second
	rmmod dns_query_here
} 2>/dev/null

say() { # what, asked in, answer
	if [ "$2" = "$3" ]; then
		echo "  $1: $3"
	else
		echo "  $1: $3 -- WRONG: asked in $2"
		separate=1
	fi
}

[ "$(id -u)" = 0 ] || fail "must be root"
modprobe dns_resolver || fail "no module dns_resolver"
trap clean_up EXIT
ip netns add first && ip netns add second || fail "cannot make network namespaces"

# The requester's pid stands in the description of the authorisation key: "key:<the key in hex> pid:<pid> ci:<callout's length>".
cat >$helper <<'HELPER'
#!/bin/bash
pid=$(sed -n "s/.* key:$(printf %x "$1") pid:\([0-9]*\) .*/\1/p" /proc/keys)
printf '%s\0' "$(readlink "/proc/$pid/ns/net")" | keyctl pinstantiate "$1" 0
HELPER
chmod 755 $helper
echo "create dns_resolver $name * $helper %k" >$rule || fail "cannot tell request-key of the helper"

echo "1. add_key(2) and searches, without any upcall (bleed.c)"
./bleed | sed 's/^/  /'
case ${PIPESTATUS[0]} in 0) ;; 1) separate=1 ;; *) exit 2 ;; esac

# Says the namespace it is in, the key's serial, the answer.
ask() {
	key=$(keyctl request2 dns_resolver "$1" "" @s) &&
		echo "$(readlink /proc/self/ns/net) $key $(keyctl pipe "$key" | tr -d '\0')"
}
export -f ask

show() {
	while read -r net serial answer; do say "key $serial" "$net" "$answer"; done
}

echo "2. request_key(2), the two namespaces sharing a session keyring"
show < <(keyctl session - bash -c "for n in first second; do ip netns exec \$n bash -c 'ask $name'; done" 2>/dev/null)

echo "3. request_key(2), each with a session keyring of its own (for comparison)"
for n in first second; do
	show < <(ip netns exec $n keyctl session - bash -c "ask $name" 2>/dev/null)
done

echo "4. dns_query() in the kernel"
if [ -e dns_query_here.ko ]; then
	insmod dns_query_here.ko || fail "cannot load dns_query_here.ko"
	# ip netns exec mounts a /sys of the namespace, without debugfs.
	for n in first second; do
		ip netns exec $n bash -c "mount -t debugfs none /sys/kernel/debug && echo $name >/sys/kernel/debug/dns_query_here"
	done
	while read -r net _ _ answer _; do
		say "dns_query()" "$net" "$answer"
	done < <(dmesg | sed -n 's/.*dns_query_here: \(net:.*\)/\1/p' | tail -2)
else
	echo "  not tried: there is no dns_query_here.ko"
fi

[ $separate = 0 ] && echo "Separate." || echo "NOT SEPARATE."
exit $separate
