#!/bin/sh
# SPDX-License-Identifier: MIT
# What a search and a request say of a key that has expired. Needs keyctl.
set -eu
keyctl session - sh -c '
	keyctl timeout $(keyctl add user ks:expired x @s) 1
	sleep 2
	echo "search:"
	keyctl search @s user ks:expired
	echo "request, no upcall wanted:"
	keyctl request user ks:expired
	true
' 2>&1
