#!/bin/sh
# SPDX-License-Identifier: MIT
# ks-in CONTAINER COMMAND [ARGUMENT]...: runs a command in a container that `keystorm shell` holds, as its root: in all its namespaces
# but that of files, so that the machine's programs are at hand, and in a session keyring of its own. That has links to the agents' keys
# that the container's own has, as if its init had started the command. They may be linked by those alone who have them: hence by way of
# the container's keyring, which crun has named after it.
state=/run/keystorm/crun
held=ks-held-

if [ $# -lt 2 ]; then
	echo "Usage: ks-in CONTAINER COMMAND [ARGUMENT]...; containers: $(crun --root $state list -q 2>/dev/null | sed "s/^$held//" | xargs)" >&2
	exit 2
fi
pid=$(crun --root $state state "$held$1" 2>/dev/null | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
if [ -z "$pid" ]; then
	echo "ks-in: there is no container $1; there are: $(crun --root $state list -q 2>/dev/null | sed "s/^$held//" | xargs)" >&2
	exit 2
fi
name=$1
shift
# shellcheck disable=SC2016
with_keys='keyctl link "%:$0" @s && for key in $(keyctl rlist "%:$0"); do keyctl link "$key" @s || exit; done &&
	keyctl unlink "%:$0" @s && exec "$@"'
exec keyctl session - sh -c "$with_keys" "$held$name" \
	nsenter --target "$pid" --user --net --ipc --uts --pid --cgroup --setuid 0 --setgid 0 "$@"
