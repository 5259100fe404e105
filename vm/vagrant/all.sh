#!/bin/bash
# SPDX-License-Identifier: MIT
#
# `npm run vagrant:all`: everything there is to show of Vagrant, one after the other, with the time that each takes. Nothing is left.
# Arguments are those of the bench.
set -eu
cd "$(dirname "$0")/../.."
step() {
	local begun=$SECONDS
	echo "== $1"
	shift
	"$@"
	echo "== done, $((SECONDS - begun)) s"
}
step 'the box' npm run -s box
step 'a guest by hand' npm run -s vagrant -- bash -ec '
	vagrant up
	vagrant ssh -c "uname -a; ls /keystorm"
	vagrant destroy --force
	test -z "$(virsh list --all --name)"'
step 'a run on such guests' npm run -s bench -- --machine vagrant --quick "$@"
echo "== all of it, $SECONDS s"
