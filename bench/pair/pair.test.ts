// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { pairSides } from '../../results/manifest.ts';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { compareDocumentSchema } from '../compare/document.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { firstSides } from './order.ts';
import { parseSubject } from './subject.ts';

const test = suite('pairs of runs', { timeoutMs: 120_000 });
test.after(removeTestRuns);

async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const small = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '5'];
const kernels = ['--base', 'kernel=6.1', '--new', 'kernel=6.12'];

let made: Promise<{ dir: string; code: number; out: string; err: string }> | undefined;

/** One that tests only read is measured once. */
function pair() {
  made ??= (async () => {
    const dir = testFolder();
    return { dir, ...(await command('pair', ...kernels, ...small, '--out', dir, '--delta', '0.03', '--json')) };
  })();
  return made;
}

test('two kernels: a run each, measured block by block in turn, and compared by the rules that were fixed', async () => {
  const { dir, code, out } = await pair();
  assert.is(code, 0, out);
  const document = compareDocumentSchema.parse(JSON.parse(out));
  assert.is(document.verdict, 'unchanged');
  assert.is(document.design.kind, 'interleaved');
  assert.is(document.design.blocks.length, 8);
  assert.equal([document.base.kernel, document.new.kernel], ['6.1-fake', '6.12-fake']);
  for (const side of pairSides) {
    const { manifest, status } = readRun(path.join(dir, side));
    assert.is(status, 'complete');
    assert.is(manifest.pair?.side, side);
    assert.is(manifest.pair?.deltas.ratio, 0.03);
    assert.match(manifest.repro, /pair --base kernel=6\.1 --new kernel=6\.12 .* --delta 0\.03 /);
  }
});

test('the side that was to be first in a block began first', async () => {
  const { dir } = await pair();
  const starts = (run: StoredRun) =>
    run.records.flatMap((record) => (record.kind === 'boot-start' ? [Date.parse(record.at)] : []));
  const base = readRun(path.join(dir, 'base'));
  const [one, two] = [starts(base), starts(readRun(path.join(dir, 'new')))];
  const seen = one.map((at, i) => (at < (two[i] ?? 0) ? 'base' : 'new'));
  assert.equal(seen, base.manifest.pair?.first);
});

test('compare takes the rules of the pair, and says when others are asked for afterwards', async () => {
  const { dir } = await pair();
  const [base, other] = [path.join(dir, 'base'), path.join(dir, 'new')];
  const before = readFileSync(path.join(base, 'frames.ndjson'));
  const fixed = await command('compare', base, other, '--json');
  assert.is(compareDocumentSchema.parse(JSON.parse(fixed.out)).options.deltas.ratio, 0.03);
  assert.not.match(fixed.out, 'were fixed before');
  const chosen = await command('compare', base, other, '--delta', '0.2');
  assert.match(chosen.out, /δ 20% of a ratio/);
  assert.match(chosen.out, /Other rules were fixed before these runs were measured \(alpha 0\.01, delta 0\.03\)/);
  const alone = await command('compare', base, base);
  assert.is(alone.code, 2);
  assert.equal(readFileSync(path.join(base, 'frames.ndjson')), before, 'nothing is written');
});

test('a known difference is found, and said to be made on purpose', async () => {
  const sides = ['--base', 'kernel=6.1', '--new', 'kernel=6.1,delay=20000'];
  const { code, out } = await command('pair', ...sides, ...small, '--out', testFolder());
  assert.is(code, 1, out);
  assert.match(out, /^regressed: .*upcall\.latency\.p50/);
  assert.match(out, /A known difference was made: agents were busy for 0 ns .* 20000 ns in new/);
});

test('guests that count instructions are paired by layout, with a delta of their own', async () => {
  const sides = ['--base', 'arrangement=1', '--new', 'instructions=1600'];
  const dir = testFolder();
  const { code, out } = await command('pair', ...sides, '--clock', 'icount', ...small, '--out', dir);
  assert.is(code, 1, out);
  assert.match(out, /^regressed: .*upcall\.instructions\.typical of .* 1\.010\d×/);
  assert.match(out, /paired in 8 layouts, each of one seed on both sides/);
  const { manifest } = readRun(path.join(dir, 'new'));
  assert.is(manifest.pair?.deltas.ratio, 0.005);
  assert.match(
    manifest.repro,
    /pair --base kernel=6\.1,arrangement=1 --new kernel=6\.1,instructions=1600 .*--clock icount /,
  );
});

test('a folder that has a run already, and what is no guest, are refused before anything is measured', async () => {
  const { dir } = await pair();
  const again = await command('pair', ...kernels, ...small, '--out', dir);
  assert.is(again.code, 2);
  assert.match(again.err, /base.* has a run|already/);
  const unknown = await command(
    'pair',
    '--base',
    'kernel=7.99',
    '--new',
    'kernel=6.1',
    ...small,
    '--out',
    testFolder(),
  );
  assert.is(unknown.code, 2);
  assert.match(unknown.err, '7.99');
});

test('what differs in a guest is said in words that are known, each once', () => {
  assert.equal(parseSubject('--base', 'kernel=6.12, module=HEAD~1'), { kernel: '6.12', module: 'HEAD~1' });
  assert.equal(parseSubject('--base', 'tree=/a=b'), { tree: '/a=b' });
  const wrong: Readonly<Record<string, RegExp>> = {
    'kernal=6.1': /kernal.*kernel/,
    '6.1': /6\.1/,
    'kernel=': /kernel=VALUE/,
    'kernel=6.1,kernel=6.12': /twice/,
    'kernel=6.1,tree=x': /one kernel/,
    'delay=0': /whole nanoseconds/,
    'delay=1.5': /whole nanoseconds/,
    'instructions=0': /whole number/,
    'arrangement=1000': /whole number/,
    '': /part of a guest/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    assert.throws(
      () => parseSubject('--new', text),
      (error: unknown) => error instanceof KeystormError && error.exitCode === 2 && message.test(error.message),
      text,
    );
  }
});

test('each side is first as often as the other, in an order that the seed decides', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(2 ** 31 - 1), (blocks, seed) => {
      const first = firstSides(blocks, seed);
      assert.is(first.length, blocks);
      assert.equal(first, firstSides(blocks, seed));
      const base = first.filter((side) => side === 'base').length;
      assert.ok(Math.abs(2 * base - blocks) <= 1, `${base} of ${blocks}`);
    }),
  );
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => firstSides(10, seed).join()));
  assert.ok(orders.size > 10, 'seeds draw different orders');
});

test.run();
