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

test('what is written byte by byte while nobody reads is kept, 60,000 bytes of it', () =>
  withTemporaryFolder('test', async (dir) => {
    const pipe = await makePipe(dir);
    const text = 'a guest that boots.\n'.repeat(3_000);
    // Each of these throws EAGAIN where there is no room for another byte.
    for (const byte of Buffer.from(text)) writeSync(pipe.input, Buffer.of(byte));
    pipe.closeInput();
    pipe.closeInput();
    assert.is(await read(pipe), text);
    assert.equal(readdirSync(dir), []);
  }));

test('where there is no folder there is no pipe, and a word about it', () =>
  withTemporaryFolder('test', async (dir) => {
    try {
      await makePipe(`${dir}/nowhere`);
      assert.unreachable();
    } catch (error) {
      assert.ok(error instanceof KeystormError || (error as NodeJS.ErrnoException).code === 'ENOENT');
    }
  }));

test.run();
