// SPDX-License-Identifier: MIT
/** Stamps in answers, and answers that are a program's output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Program, programBoundMs } from './program.ts';

const test = suite('stamps and answers of programs', { timeoutMs: programBoundMs });

let program: Program;
let folder: string;
test.before(() => {
  program = new Program(['common/testing/answers.c', 'common/answer.c', 'common/program.c']);
  folder = mkdtempSync(path.join(tmpdir(), 'keystorm-answers-'));
});
test.after(() => {
  program?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const description = 'ks:c1:victim:3:99';
/** A guest's clock within a day, or nothing. */
const anyStamp = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 86_400e9 }));

test('what is stamped is read again, and nothing is stamped where nothing is known', () => {
  fc.assert(
    fc.property(anyStamp, anyStamp, anyStamp, fc.integer({ min: 256, max: 1024 }), (woke, assumed, answering, size) => {
      const [text = '', read] = program.lines(['stamp', size, description, woke, assumed, answering]);
      const words = [woke, assumed, answering].map((stamp) => stamp || '-');
      assert.ok(text.endsWith(` ${description} @woke=${words[0]} @assumed=${words[1]} @answering=${words[2]}`), text);
      assert.is(read, `agent 7 woke ${woke} assumed ${assumed} answering ${answering} without no`);
    }),
    { numRuns: 10 },
  );
});

test('the longest description and the longest stamps fit into the least answer; what does not fit is said', () => {
  const longest = `ks:${'c'.repeat(32)}:${'v'.repeat(32)}:63:999999`;
  const stamp = String(2n ** 64n - 1n);
  assert.is(program.lines(['stamp', 256, longest, stamp, stamp, stamp]).length, 2);
  assert.equal(program.lines(['stamp', 256, 'x'.repeat(150), stamp, stamp, stamp]), ['does not fit']);
});

test('answers without stamps are answers; those with some, or with others, are none', () => {
  const plain = `ks1 7 4711 1 2 3 4 ${description}`;
  const read = (text: string) => program.lines(['read', description], `${text}\0\0`)[0];
  assert.is(read(plain), 'agent 7 woke 0 assumed 0 answering 0 without yes');
  for (const stamps of [
    ' @woke=1',
    ' @woke=1 @assumed=2',
    ' @woke=1 @assumed=2 @answering=',
    ' @woke=- @assumed=x @answering=1',
  ])
    assert.is(read(plain + stamps), 'no answer', stamps);
  assert.is(read(`${plain} @woke=1 @assumed=- @answering=3 @over=4`), 'no answer');
});

function executed(callout: string): string {
  return program.lines(['program', callout]).join('\n');
}
function script(text: string): string {
  const file = path.join(folder, 'script');
  writeFileSync(file, text);
  return `/bin/sh ${file}`;
}

test('a program answers with its status and what it wrote to standard output', () => {
  assert.is(executed(script('echo out; echo err >&2; exit 3')), 'exit 3\nout');
  assert.is(executed(`  ${script('echo "$1|$2"')}  a   b `), 'exit 0\na|b');
  assert.is(executed(script('kill -TERM $$')), `signal ${constants.signals.SIGTERM}`);
  assert.is(executed(script('cat; env | cut -d= -f1 | sort | tr "\\n" " "')), 'exit 0\nHOME PATH PWD');
});

test('of a lot of output the beginning is kept, and nobody waits for what a program left behind', () => {
  const said = executed(script('head -c 200000 /dev/zero | tr "\\0" x; exit 1'));
  assert.is(said, `exit 1\n${'x'.repeat(1024)}`);
  const started = performance.now();
  assert.is(executed(script('sleep 19 & exit 0')), 'exit 0');
  assert.ok(performance.now() - started < 15_000);
});

test('what cannot be executed is an error', () => {
  const { ENOENT, EINVAL, E2BIG, EACCES } = constants.errno;
  assert.is(executed('/no/such/program'), `error ${ENOENT}`);
  assert.is(executed(folder), `error ${EACCES}`);
  assert.is(executed('sh'), `error ${EINVAL}`);
  assert.is(executed(' '), `error ${EINVAL}`);
  assert.is(executed(`/bin/true${' a'.repeat(32)}`), `error ${E2BIG}`);
  assert.is(executed(`/bin/true ${'a'.repeat(4096)}`), `error ${E2BIG}`);
});

test.run();
