#!/bin/sh
# SPDX-License-Identifier: MIT
# What /proc/key-users says of root when keys have expired and were collected out of a keyring. Needs keyctl and root, in a guest.
set -eu
delay=$(cat /proc/sys/kernel/keys/gc_delay)
trap 'echo "$delay" >/proc/sys/kernel/keys/gc_delay' EXIT
echo 1 >/proc/sys/kernel/keys/gc_delay
keyctl session - sh -c '
	bytes() { sed -n "s:^ *0\: .* \([0-9]*\)/[0-9]*\$:\1:p" /proc/key-users; }
	before=$(bytes)
	for i in $(seq 100); do keyctl timeout $(keyctl add user links:$i x @s) 1; done
	while [ -n "$(keyctl rlist @s)" ]; do sleep 1; done
	echo "links left in the session keyring: $(keyctl rlist @s | wc -w)"
	echo "bytes charged beyond those before: $(( $(bytes) - before ))"
	keyctl clear @s
	echo "and when the keyring was cleared:  $(( $(bytes) - before ))"
'
