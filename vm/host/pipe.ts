// SPDX-License-Identifier: MIT
/**
 * A pipe as the kernel makes it. What Node gives a child for its output is a pair of sockets, and a program that writes byte by byte, as
 * QEMU does for a serial line, fills a socket with some 300 bytes: what nobody reads at once is lost (QEMU tries four times). A
 * pipe holds 64 KiB, however they were written (pipe(7)).
 */
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { KeystormError } from '../failure.ts';
import { attempt } from './command.ts';
import { withTemporaryFolder } from './temporary.ts';

export interface Pipe {
  /** Ends when all whom the other end was given to have closed it, and so have we. */
  readonly output: Readable;
  /** Descriptor of the end that is written to, to be given to a child. */
  readonly input: number;
  /** Closes our own copy of that end; idempotent. */
  closeInput(): void;
}

/**
 * It has a name for as long as it takes to open it, in the folder for temporary files: where runs are kept, there may be no such files.
 * @throws KeystormError (3) when it cannot be made.
 */
export async function makePipe(): Promise<Pipe> {
  try {
    return await withTemporaryFolder('pipe', (folder) => makeNamedPipe(path.join(folder, 'pipe')));
  } catch (error) {
    throw error instanceof Error && 'errno' in error ? cannot(error.message) : error;
  }
}

/**
 * The same, with a name that stays: for whom no descriptor can be given to.
 * @throws KeystormError (3) when it cannot be made; what the file system says when it cannot be opened.
 */
export async function makeNamedPipe(name: string): Promise<Pipe> {
  const { code, stderr } = await attempt('mkfifo', ['-m', '600', name]);
  if (code !== 0) throw cannot(stderr.trim());
  return open(name);
}

function cannot(why: string): KeystormError {
  return new KeystormError(
    `Cannot make a pipe in ${tmpdir()} (${why}); set TMPDIR to a folder that you may write to, of a file system that has pipes.`,
    3,
  );
}

function open(name: string): Pipe {
  // In this order nobody waits: a reader that does not block needs no writer.
  const reader = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  let input: number | null;
  try {
    input = openSync(name, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    closeSync(reader);
    throw error;
  }
  return {
    output: new Socket({ fd: reader, readable: true, writable: false }),
    input,
    closeInput: () => {
      if (input !== null) closeSync(input);
      input = null;
    },
  };
}
