// SPDX-License-Identifier: MIT
/** Talks to a guest's runner the way the harness does, and takes nothing for a frame that does not fit the protocol. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import {
  decodeFrameLine,
  type Frame,
  type FrameOf,
  type FrameType,
  looksLikeFrame,
} from '../../../../results/frames.ts';
import type { Machine } from '../../../machine.ts';

export interface Conversation {
  readonly frames: readonly Frame[];
  /** All frames of one type, in order. */
  of<T extends FrameType>(type: T): FrameOf<T>[];
  /** The last frame: `done` or `error`. */
  readonly last: Frame | undefined;
}

/** Sends a plan to a new runner and listens until it ends. `onFrame` may close the runner's stdin by calling `hangUp`. */
export async function converse(
  machine: Machine,
  plan: string,
  onFrame: (frame: Frame, hangUp: () => void) => void | Promise<void> = () => {},
): Promise<Conversation> {
  const channel = await machine.channel();
  const frames: Frame[] = [];
  let rest = '';
  channel.write(plan);
  for await (const chunk of channel) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      assert.ok(looksLikeFrame(line), `only frames are written to stdout, not: ${line.slice(0, 200)}`);
      const decoded = decodeFrameLine(line);
      if (!decoded.ok) throw new Error(`${decoded.reason}: ${line.slice(0, 300)}`);
      assert.is(decoded.frame.n, frames.length, 'frames are numbered without a gap');
      frames.push(decoded.frame);
      await onFrame(decoded.frame, () => void channel.end());
    }
  }
  assert.is(rest, '', 'the last line is a whole one');
  return {
    frames,
    of: <T extends FrameType>(type: T) => frames.filter((frame): frame is FrameOf<T> => frame.t === type),
    last: frames.at(-1),
  };
}

/** What a runner must not leave behind, in one line; '' when nothing is. Asked again for a while: an end takes its time. */
export async function leftovers(machine: Machine): Promise<string> {
  const shell = machine.abilities.shell;
  assert.ok(shell, 'this machine has no shell');
  const look = `pidof ks-runner ks-pod ks-hammer ks-agent ks-check crun; grep keystorm /proc/mounts; grep '^keystorm' /proc/modules
    ls -d /sys/fs/cgroup/keystorm* 2>/dev/null
    find /sbin/ -name 'request-key?*'; find /sbin/request-key -type l; find /etc/ -name 'resolv.conf?*'; find /run -name 'ks-*'`;
  let seen = '';
  for (let tries = 0; tries < 50; tries++) {
    seen = (await shell.run(look, { timeoutMs: 20_000 })).stdout.trim();
    if (seen === '') break;
    await sleep(200);
  }
  return seen;
}

interface CellWords {
  readonly id: string;
  readonly mechanism?: string;
  readonly route: string;
  readonly delivery: string;
  readonly helper?: string;
  readonly fallback?: string;
  readonly timeoutMs?: number;
  /** One size, or several separated by spaces. */
  readonly payloadBytes?: string;
  /** "<kind> hit_percent <P>". */
  readonly requests?: string;
  readonly warmup?: number;
  readonly containers: readonly string[];
  readonly windows: readonly string[];
}

/** A cell of a plan; a container is written "<name> <requesters> <own|shared|none> <agent uid> <requester uid> <setuid> [depth]". */
export function cell(words: CellWords): string {
  const containers = words.containers.map((container) => {
    const [name, requesters, agent, agentUid, requesterUid, setuid, depth] = container.split(' ');
    const own = `container ${name} requesters ${requesters} agent ${agent} agent_uid ${agentUid} requester_uid ${requesterUid} setuid ${setuid}`;
    return depth === undefined ? own : `${own} depth ${depth}`;
  });
  return [
    `cell ${words.id}`,
    `mechanism ${words.mechanism ?? words.id}`,
    `route ${words.route}`,
    `delivery ${words.delivery}`,
    `helper ${words.helper ?? 'keyutils'}`,
    `fallback ${words.fallback ?? 'refuse'}`,
    `timeout_ms ${words.timeoutMs ?? 10_000}\ndeadline_ms 5000\nbackoff_us 2000`,
    `payload_bytes ${words.payloadBytes ?? '256'}`,
    `requests ${words.requests ?? 'fresh hit_percent 0'}`,
    ...containers,
    `warmup ${words.warmup ?? 3}`,
    ...words.windows,
    'end\n',
  ].join('\n');
}

interface BlockWords {
  readonly id: string;
  readonly route: string;
  readonly delivery: string;
  readonly helper?: string;
  readonly fallback?: string;
  readonly checks: readonly string[];
}

/** A block of checks of a plan. */
export function checks(words: BlockWords): string {
  return [
    `checks ${words.id}`,
    `mechanism ${words.id}`,
    `route ${words.route}`,
    `delivery ${words.delivery}`,
    `helper ${words.helper ?? 'minimal'}`,
    `fallback ${words.fallback ?? 'refuse'}`,
    'timeout_ms 5000',
    ...words.checks.map((check) => `check ${check}`),
    'end\n',
  ].join('\n');
}
