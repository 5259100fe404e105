// SPDX-License-Identifier: MIT
/** A stream to a port in the network of a sandbox: this host has no way there. */
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { leashed } from '../host/leash.ts';
import type { Sandbox } from './sandbox.ts';

const program = fileURLToPath(new URL('relay.mjs', import.meta.url));

/** It ends when the other end does, and ends what carries it when it is closed. */
export function relayTo(sandbox: Sandbox, host: string, port: number): Duplex {
  const words = sandbox.entering(process.execPath, [program, host, String(port)]);
  const child = spawn(...leashed(...words), { stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env.PATH } });
  child.on('error', () => undefined);
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  // Who reads it learns of its end by that alone.
  stream.on('error', () => undefined);
  stream.once('close', () => child.kill('SIGKILL'));
  return stream;
}
