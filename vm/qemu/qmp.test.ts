// SPDX-License-Identifier: MIT
import { Duplex, PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Qmp, type QmpEvent } from './qmp.ts';

const test = suite('QEMU monitor');

/** A QEMU that answers what `answer` returns for each request. */
function monitor(answer: (request: { execute: string; id: number }) => unknown): {
  stream: Duplex;
  say: (o: unknown) => void;
} {
  const out = new PassThrough();
  const say = (message: unknown) => void out.write(`${JSON.stringify(message)}\r\n`);
  const into = new PassThrough();
  into.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split('\n')) {
      const reply = answer(JSON.parse(line));
      if (reply !== undefined) say(reply);
    }
  });
  return { stream: Duplex.from({ readable: out, writable: into }), say };
}

const obedient = ({ id }: { id: number }) => ({ id, return: {} });

async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  return 'it did not reject';
}

test('is open after the greeting and the handshake', async () => {
  const asked: string[] = [];
  const { stream, say } = monitor((request) => {
    asked.push(request.execute);
    return obedient(request);
  });
  const qmp = new Qmp(stream, () => undefined);
  say({ QMP: { version: {}, capabilities: [] } });
  await qmp.open(1_000);
  assert.equal(asked, ['qmp_capabilities']);
});

test('matches answers by id, whatever their order, and passes events on', async () => {
  const held: { execute: string; id: number }[] = [];
  const events: QmpEvent[] = [];
  const { stream, say } = monitor((request) => void held.push(request));
  const qmp = new Qmp(stream, (event) => events.push(event));
  const [one, two] = [qmp.execute('one', 1_000), qmp.execute('two', 1_000)];
  while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
  say({ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' }, timestamp: {} });
  for (const { execute, id } of held.reverse()) say({ id, return: execute });
  assert.equal(await Promise.all([one, two]), ['one', 'two']);
  assert.equal(events, [{ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' } }]);
});

test('an error answer, silence and an end of QEMU all reject', async () => {
  const { stream } = monitor(({ execute, id }) =>
    execute === 'refused' ? { id, error: { class: 'GenericError', desc: 'not now' } } : undefined,
  );
  const qmp = new Qmp(stream, () => undefined);
  assert.match(await rejection(qmp.execute('refused', 1_000)), 'not now');
  assert.match(await rejection(qmp.execute('ignored', 5)), 'did not answer ignored within 5 ms');
  const pending = rejection(qmp.execute('ignored', 1_000));
  const opening = rejection(qmp.open(1_000));
  stream.destroy();
  assert.match(await pending, 'closed its monitor');
  assert.match(await opening, 'closed its monitor');
  assert.match(await rejection(qmp.execute('late', 1_000)), 'closed its monitor');
});

test.run();
