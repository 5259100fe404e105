// SPDX-License-Identifier: MIT
/** The kernel's own search for memory that nobody can reach any more. */
import { KeystormError } from '../../vm/failure.ts';
import type { Shell } from '../../vm/machine.ts';

export interface Leak {
  /** Bytes. */
  readonly size: number;
  /** The program that allocated it. */
  readonly comm: string;
  /** The whole of kmemleak's words about it. */
  readonly lines: readonly string[];
}

const file = '/sys/kernel/debug/kmemleak';

/** Forgets what looks leaked already: some objects of a booting kernel are reachable in ways that kmemleak does not see. */
export const forgetScript = `echo scan >${file} && sleep 1 && echo scan >${file} && echo clear >${file}`;

/**
 * Scans twice: an object counts only once it is some seconds old, and one that moved meanwhile is found on the second look. A
 * third look clears whom a stack or a register held.
 */
const scanScript = `sleep 6; echo scan >${file} && sleep 6 && echo scan >${file} && sleep 6 && echo scan >${file} && cat ${file}`;

/** @throws KeystormError (4) when kmemleak has switched itself off, which it does when it runs out of memory. */
export async function findLeaks(shell: Shell, timeoutMs: number): Promise<Leak[]> {
  const { code, stdout, stderr } = await shell.run(scanScript, { timeoutMs });
  if (code !== 0)
    throw new KeystormError(`kmemleak does not scan (any more): ${stderr.trim() || `status ${code}`}.`, 4);
  return parseLeaks(stdout);
}

export function parseLeaks(text: string): Leak[] {
  return text
    .split(/^(?=unreferenced object )/m)
    .filter((part) => part.startsWith('unreferenced object '))
    .map((part) => ({
      size: Number(/\(size (\d+)\)/.exec(part)?.[1] ?? 0),
      comm: /comm "([^"]*)"/.exec(part)?.[1] ?? '',
      lines: part.trimEnd().split('\n'),
    }));
}
