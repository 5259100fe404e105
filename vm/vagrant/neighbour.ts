// SPDX-License-Identifier: MIT
/** So that the host's end of a guest's network says nothing by itself: a packet in a measuring window is held against the guest. */
import { run } from '../host/command.ts';
import type { Sandbox } from './sandbox.ts';

/** The hardware address of a guest that has just been spoken to is taken for known for good: nobody asks for it again. */
const script = `set -e
read -r _ _ bridge _ hardware _ < <(ip neigh show "$1")
ip neigh replace "$1" lladdr "$hardware" dev "$bridge" nud permanent`;

/** Rejects with a KeystormError (3) when the host's end does not know the guest. */
export async function quietNeighbour(sandbox: Sandbox, address: string): Promise<void> {
  await run(...sandbox.entering('bash', ['-c', script, 'bash', address]));
}
