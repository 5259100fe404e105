// SPDX-License-Identifier: MIT
/** Starts agents and asks for keys in a guest, from a shell in namespaces of its own and with a session keyring of its own. */
import type { Machine } from '../../../machine.ts';
import { sh } from '../../runner/testing/guest.ts';

/** What an answer of common/answer.h says. */
export interface Answer {
  readonly agent: number;
  readonly user: string;
  readonly net: string;
  readonly description: string;
  readonly stamps: Readonly<Record<string, number | null>>;
}

const library = '/tmp/agents.sh';

/**
 * `start ID WORDS…`: starts ks-agent and waits until it is ready. `crash`: kills it and waits for its end. `ask TYPE
 * DESCRIPTION [CALLOUT]`: a line with what the key holds, or with "failed" and why. `ns`: inodes of user and net namespace.
 */
const functions = `
start() {
  id=$1; shift; rm -f /tmp/ready.$$
  /keystorm/ks-agent --id $id --payload-bytes 256 "$@" --ready-fd 9 9>/tmp/ready.$$ & agent=$!
  tries=0
  until [ -s /tmp/ready.$$ ]; do
    kill -0 $agent && [ $tries -lt 500 ] || { echo "agent $id did not start"; exit 9; }
    tries=$((tries + 1)); usleep 20000
  done
}
crash() { kill -9 $agent; wait $agent; true; }
ask() {
  key=$(keyctl request2 "$1" "$2" "\${3:-ks}" @s 2>&1) && keyctl pipe $key | tr -d '\\0' || echo "failed \${key#request_key: }"
  echo
}
ns() { stat -Lc %i /proc/self/ns/user /proc/self/ns/net; }
`;

/** To be done once, before `inside`. */
export async function prepareAgents(machine: Machine): Promise<void> {
  await sh(
    machine,
    `cat >${library} <<'END'\n${functions}\nEND\ninsmod /keystorm/keystorm.ko; busybox modprobe dns_resolver`,
  );
}

/** Sets a parameter of the module. */
export async function set(machine: Machine, parameter: string, value: string): Promise<void> {
  await sh(machine, `echo ${value} >/sys/module/keystorm/parameters/${parameter}`);
}

/** The lines that a script says. `where`: a command that executes another, such as unshare with its options. */
export async function inside(machine: Machine, where: string, script: string): Promise<string[]> {
  const quoted = `. ${library}; ${script}`.replaceAll("'", "'\\''");
  const said = await sh(machine, `${where} keyctl session - bash -c '${quoted}' 2>/dev/null`);
  return said.split('\n').filter((line) => line !== '');
}

/** Takes an answer apart. @throws Error when it is none. */
export function answerOf(line: string | undefined): Answer {
  const form = /^ks1 (\d+) \d+ (\d+) (\d+) \d+ \d+ ([^ ]+)((?: @\w+=(?:\d+|-))*)$/.exec(line ?? '');
  if (form === null) throw new Error(`not an answer: ${line}`);
  const [, agent, user = '', net = '', description = '', stamps = ''] = form;
  const pairs = [...stamps.matchAll(/@(\w+)=(\d+|-)/g)].map(([, name = '', at]) => [
    name,
    at === '-' ? null : Number(at),
  ]);
  return { agent: Number(agent), user, net, description, stamps: Object.fromEntries(pairs) };
}
