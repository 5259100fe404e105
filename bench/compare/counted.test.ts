// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { readRun, type StoredRun } from '../../results/run-reader.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import { type CompareDocument, compareDocumentSchema } from './document.ts';
import { countedDeltas } from './judged.ts';
import { runsAsSides, type Sides } from './side.ts';
import { changed } from './testing/runs.ts';

const test = suite('runs that count instructions, compared', { timeoutMs: 170_000 });
test.after(removeTestRuns);

async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const small = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick'];
const rules = { alpha: 0.01, deltas: countedDeltas };

const made = new Map<string, Promise<string>>();

/** The folder of a run of the fake machine; those that tests only read are measured once. */
function bench(...words: string[]): Promise<string> {
  const key = words.join(' ');
  const run =
    made.get(key) ??
    (async () => {
      const dir = testFolder();
      const { code, err } = await command('bench', ...small, ...words, '--out', dir);
      assert.ok(code === 0 || code === 4, err);
      return dir;
    })();
  made.set(key, run);
  return run;
}

const counted = (...words: string[]) => bench('--clock', 'icount', '--boots', '10', ...words);

async function compared(...args: string[]): Promise<CompareDocument> {
  const { out, err } = await command('compare', ...args, '--json');
  assert.is.not(out, '', err);
  return compareDocumentSchema.parse(JSON.parse(out));
}

async function sidesOf(...words: string[]): Promise<Sides> {
  return runsAsSides(readRun(await counted()), readRun(await counted(...words)));
}

test('the same guest twice is unchanged, boots of one seed held against one another, whenever and wherever they were counted', async () => {
  const [base, other] = [await counted(), await counted('--arrangement', '3')];
  const document = await compared(base, other);
  assert.is(document.verdict, 'unchanged', JSON.stringify(document.unsure));
  assert.is(document.design.kind, 'same-layout');
  assert.equal(
    document.design.blocks,
    Array.from({ length: 10 }, (_, i) => ({ base: [i], new: [i] })),
  );
  assert.is(document.options.deltas.ratio, 0.005);
  assert.match(document.notes.join('\n'), /arranged otherwise, .*: 0 in base, 3 in new/);
  assert.match(document.notes.join('\n'), /Instructions were counted, not time/);
  const judged = document.metrics.filter(({ name }) => name.startsWith('upcall.'));
  assert.ok(judged.some(({ name, unit }) => name === 'upcall.instructions.typical' && unit !== 'ns'));
  assert.not.ok(
    judged.some(({ name }) => name.startsWith('upcall.latency.')),
    'quantiles of buckets are too coarse',
  );
});

test('instructions that each upcall executes more are found, and told at their number', async () => {
  const document = await compared(await counted(), await counted('--path-instructions', '1600'));
  assert.is(document.verdict, 'regressed');
  const typical = document.metrics.find(({ name }) => name === 'upcall.instructions.typical');
  assert.is(typical?.verdict, 'regressed');
  const [base = 0, ratio = 0] = [typical?.base ?? 0, typical?.value ?? 0];
  assert.ok(Math.abs(ratio - (1 + 1600 / base)) < 0.002, `${ratio} of ${base}`);
  assert.ok(Math.abs((typical?.new ?? 0) - base - 1600) < 0.002 * base, `${typical?.new}`);
  assert.match(
    document.notes.join('\n'),
    /the module executed 0 instructions in vain in each upcall in base, and 1600 in new/,
  );
});

test('fewer are an improvement, and so few that they do not matter are none', async () => {
  const less = await compared(await counted('--path-instructions', '1600'), await counted());
  assert.is(less.verdict, 'improved');
  const few = await compared(await counted(), await counted('--path-instructions', '100'));
  assert.is(few.verdict, 'unchanged');
});

test('what costs a few requests dear is seen by the mean, not by what is typical', async () => {
  const sides = await sidesOf('--arrangement', '3');
  const dear = changed(sides, (metric, value) => (metric.name === 'upcall.instructions.mean' ? value * 1.2 : value));
  const { figures } = compare(dear, rules, false);
  const outcomeOf = (wanted: string) => figures.metrics.find(({ name }) => name === wanted)?.outcome;
  assert.is(outcomeOf('upcall.instructions.mean'), 'regressed');
  assert.is(outcomeOf('upcall.instructions.typical'), 'unchanged');
});

test('counts are held against no time, not even by force, and layouts against no other ones', async () => {
  const [base, wall] = [await counted(), await bench('--boots', '2')];
  for (const words of [[], ['--force']]) {
    const mixed = await command('compare', base, wall, ...words);
    assert.is(mixed.code, 2);
    assert.match(mixed.err, /clock was icount in base and is virtual in new, and a count of instructions is no time/);
  }
  const apart = await command('compare', base, await counted('--seed', '2'));
  assert.is(apart.code, 2);
  assert.match(apart.err, /no layout in common \(base has seed 1, new 2\): measure both with the same --seed/);
});

test('layouts that one run alone has are left out and named, and a few are too few', async () => {
  const few = await compared(await counted(), await counted('--boots', '4'));
  assert.is(few.verdict, 'underpowered');
  assert.is(few.design.blocks.length, 4);
  assert.equal(few.design.left.base, [4, 5, 6, 7, 8, 9]);
});

test('hosts may differ, and it is said; another emulator is refused', async () => {
  const sides = await sidesOf('--arrangement', '3');
  const { run } = sides.new;
  const host = { ...run.manifest.host, name: 'elsewhere' };
  const moved = { ...sides, new: { ...sides.new, run: { ...run, manifest: { ...run.manifest, host } } } };
  assert.match(
    compare(moved, rules, false).notes.join('\n'),
    /hosts that differ, which is in no figure: host\.name was .* is elsewhere/,
  );
  const records = run.records.map((record) =>
    record.kind === 'boot-start'
      ? { ...record, description: { ...record.description, hypervisor: { version: 'QEMU 99', args: [] } } }
      : record,
  );
  const emulated = { ...sides, new: { ...sides.new, run: { ...run, records } } };
  assert.throws(() => compare(emulated, rules, false), /hypervisor was .* is QEMU 99/);
});

/** The same run whose guests were idle for so long in each window of a boot. */
function idle(run: StoredRun, idleNs: (boot: number) => number): StoredRun {
  const records = run.records.map((record) =>
    record.kind === 'frame' && record.frame.t === 'meter'
      ? { ...record, frame: { ...record.frame, idle_ns: idleNs(record.boot) } }
      : record,
  );
  return { ...run, records };
}

test('a guest that was idle once is held against one that never was, in virtual time', async () => {
  const [base, longer] = [readRun(await counted()), readRun(await counted('--path-instructions', '1600'))];
  const busy = idle(base, () => 0);
  const once = idle(longer, (boot) => (boot === 4 ? 10e6 : 0));
  const unitsOf = (sides: Sides) => {
    const { overall, figures } = compare(sides, rules, false);
    assert.is(overall, 'regressed');
    return figures.metrics.filter(({ name }) => name.startsWith('upcall.instructions.')).map(({ unit }) => unit);
  };
  assert.equal(
    unitsOf(
      runsAsSides(
        busy,
        idle(longer, () => 0),
      ),
    ),
    ['insn', 'insn'],
  );
  assert.equal(unitsOf(runsAsSides(busy, once)), ['virtual-ns', 'virtual-ns']);
});

/** A run of the same plan, but that nobody reports each request. */
async function unreported(...words: string[]): Promise<string> {
  const dir = testFolder();
  const plan = path.join(dir, 'plan.json');
  await command('plan', ...small, '--clock', 'icount', '--boots', '10', ...words, '--out', plan);
  writeFileSync(plan, readFileSync(plan, 'utf8').replaceAll('"samples": true', '"samples": false'));
  const run = path.join(dir, 'run');
  await command('bench', '--plan', plan, '--out', run);
  return run;
}

test('two runs of which nobody reported each request are in doubt, not unchanged', async () => {
  const [base, other] = [await unreported(), await unreported('--path-instructions', '1600')];
  const { code, out } = await command('compare', base, other, '--json');
  const { verdict, metrics, unsure } = compareDocumentSchema.parse(JSON.parse(out));
  assert.equal([code, verdict], [4, 'underpowered']);
  const typical = metrics.find(({ name }) => name === 'upcall.instructions.typical');
  assert.is(typical?.reason, 'no-samples in base (10 boots), no-samples in new (10 boots)');
  assert.match(unsure.join(), /1 of \d+ metrics has no figure in some boot/);
});

test('without each request there is nothing exact, and it is said', async () => {
  const coarse = await unreported();
  const { out } = await command('compare', coarse, await counted(), '--force', '--json');
  const typical = compareDocumentSchema
    .parse(JSON.parse(out))
    .metrics.find(({ name }) => name === 'upcall.instructions.typical');
  assert.is(typical?.verdict, 'underpowered');
  assert.match(String(typical?.reason), /no-samples in base \(10 boots\)/);
});

test.run();
