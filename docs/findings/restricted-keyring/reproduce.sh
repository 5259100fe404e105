#!/bin/sh
# SPDX-License-Identifier: MIT
# Links refused by a restricted keyring, and one that request_key() makes in it all the same. Needs keyctl, in a guest where no
# helper answers for keys called ks:*: a negative key is a link like any other.
set -eu
keyctl session - sh -c '
	keyring=$(keyctl newring restricted @s)
	keyctl restrict_keyring $keyring
	other=$(keyctl add user ks:other x @s)
	echo "linking a key into it:"
	keyctl link $other $keyring
	echo "requesting a new key into it:"
	keyctl request2 user ks:new callout $keyring
	echo "what it holds:"
	keyctl show $keyring
' 2>&1
