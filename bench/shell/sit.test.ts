// SPDX-License-Identifier: MIT
import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import type { Terminal, TerminalSize } from '../../vm/machine.ts';
import { suite } from '../testing/suite.ts';
import { sit, type UsersTerminal } from './sit.ts';

const test = suite("a user's terminal");

function usersTerminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    setRawMode: (on: boolean) => {
      raw.push(on);
      return input;
    },
  });
  const output = Object.assign(new PassThrough(), { columns: 100, rows: 30 });
  return { raw, input, output, terminal: { input, output, type: 'xterm' } as unknown as UsersTerminal };
}

test('keys go in, what is shown comes out, a new size is told, and everything is as before at the end', async () => {
  const { raw, input, output, terminal } = usersTerminal();
  const sizes: TerminalSize[] = [];
  const stream = new PassThrough();
  let end: (code: number) => void = () => undefined;
  const there: Terminal = {
    open: async (command, size, type) => {
      assert.equal([command, type], ['bash', 'xterm']);
      sizes.push(size);
      return { stream, resize: (to) => sizes.push(to), ended: new Promise((resolve) => (end = resolve)) };
    },
  };
  const sitting = sit(there, 'bash', terminal);
  await new Promise(setImmediate);
  input.write('ls\r');
  Object.assign(output, { columns: 120, rows: 40 });
  output.emit('resize');
  await new Promise(setImmediate);
  // What goes in comes out again, as from a terminal that echoes.
  assert.is(String(output.read()), 'ls\r');
  end(3);
  assert.is(await sitting, 3);
  assert.equal(sizes, [
    { columns: 100, rows: 30 },
    { columns: 120, rows: 40 },
  ]);
  assert.equal(raw, [true, false]);
  assert.is(output.listenerCount('resize'), 0);
});

test('also where the machine is lost', async () => {
  const { raw, terminal } = usersTerminal();
  const ended = Promise.reject(new Error('lost'));
  const there: Terminal = { open: async () => ({ stream: new PassThrough(), resize: () => undefined, ended }) };
  const why = await sit(there, 'bash', terminal).catch((error: unknown) => error);
  assert.match((why as Error).message, 'lost');
  assert.equal(raw, [true, false]);
});

test.run();
