// SPDX-License-Identifier: MIT
import { readdirSync, writeSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { makePipe, type Pipe } from './pipe.ts';
import { withTemporaryFolder } from './temporary.ts';

const test = suite('a pipe of the kernel');

async function read({ output }: Pipe): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of output) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** With another folder for temporary files. */
async function temporaryIn<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const { TMPDIR: before } = process.env;
  process.env.TMPDIR = dir;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

test('what is written byte by byte while nobody reads is kept, 60,000 bytes of it, and no name is left', () =>
  withTemporaryFolder('test', async (dir) => {
    const pipe = await temporaryIn(dir, makePipe);
    const text = 'a guest that boots.\n'.repeat(3_000);
    // Each of these throws EAGAIN where there is no room for another byte.
    for (const byte of Buffer.from(text)) writeSync(pipe.input, Buffer.of(byte));
    pipe.closeInput();
    pipe.closeInput();
    assert.is(await read(pipe), text);
    assert.equal(readdirSync(dir), []);
  }));

test('where there is no folder for it, that is said, and what to do', () =>
  withTemporaryFolder('test', async (dir) => {
    const error = await temporaryIn(`${dir}/nowhere`, makePipe).then(
      () => assert.unreachable(),
      (why: unknown) => why,
    );
    assert.instance(error, KeystormError);
    assert.is((error as KeystormError).exitCode, 3);
    assert.match((error as KeystormError).message, /nowhere \(.*\); set TMPDIR/);
  }));

test.run();
