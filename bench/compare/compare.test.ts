// SPDX-License-Identifier: MIT
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Metric } from '../measure/metric.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import { designOf } from './design.ts';
import { compareDocument, compareDocumentSchema } from './document.ts';
import type { Choice } from './figures.ts';
import { defaultDeltas } from './judged.ts';
import { runsAsSides, type Side, type Sides } from './side.ts';

const test = suite('compare', { timeoutMs: 170_000 });
test.after(removeTestRuns);

const hour = 3_600_000;
const choice: Choice = { alpha: 0.01, deltas: defaultDeltas };

/** Runs that tests only read are made once. */
const made = new Map<string, ReturnType<typeof makeRun>>();

function runAt(...args: Parameters<typeof makeRun>): ReturnType<typeof makeRun> {
  const key = JSON.stringify(args);
  const run = made.get(key) ?? makeRun(...args);
  made.set(key, run);
  return run;
}

/** A run of the fake machine so many hours after the epoch. */
async function makeRun(
  hours: number,
  boots: number,
  more: { seed?: number; script?: string; mechanisms?: string[] } = {},
) {
  let seconds = 0;
  const { seed = 7, script = '', mechanisms = ['keyagent-fd'] } = more;
  return testRun({ plan: { boots, seed, mechanisms }, script, now: () => new Date(hours * hour + 1_000 * seconds++) });
}

async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(['compare', ...args], output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The same sides, with figures of new that are other ones. */
function changed(sides: Sides, how: (metric: Metric, value: number, boot: number) => number | null): Sides {
  const metrics = sides.new.metrics.map((metric) => ({
    ...metric,
    samples: metric.samples.map((sample) => {
      const value = sample.value === null ? null : how(metric, sample.value, sample.boot);
      return value === null ? { ...sample, value, reason: 'not-there' } : { ...sample, value };
    }),
  }));
  return { ...sides, new: { ...sides.new, metrics } };
}

async function twoRuns(boots = 5): Promise<Sides> {
  const [base, other] = [await runAt(1, boots), await runAt(20, boots, { seed: 8 })];
  return runsAsSides(base.judged.run, other.judged.run);
}

test('two runs of the same: unchanged, exit code 0, the verdict first, and nothing is written', async () => {
  const [base, other] = [await runAt(1, 5), await runAt(20, 5, { seed: 8 })];
  const before = readFileSync(path.join(base.dir, 'frames.ndjson'));
  const { code, out } = await command(base.dir, other.dir);
  assert.is(code, 0, out);
  assert.match(out, /^unchanged: all \d+ metrics within δ \(runs not measured in turn\)\.\n/);
  assert.match(
    out,
    /α 0\.01 for all \d+ metrics together, all 252 ways .* δ 5% of a ratio, 1 points of a share, 100 ms/,
  );
  assert.match(out, /no test can tell it from a change of the kernel/);
  const json = compareDocumentSchema.parse(JSON.parse((await command(base.dir, other.dir, '--json')).out));
  assert.equal([json.verdict, json.design.kind, json.options.alpha], ['unchanged', 'separate', 0.01]);
  assert.ok(json.metrics.some(({ name }) => name === 'upcall.error_share') && json.controls.length > 0);
  assert.equal(readFileSync(path.join(base.dir, 'frames.ndjson')), before);
});

test('what got slower regressed, and what got faster improved', async () => {
  const sides = await twoRuns();
  const slower = compare(
    changed(sides, ({ name }, value) => (name === 'upcall.latency.p50' ? value * 1.2 : value)),
    choice,
    false,
  );
  assert.is(slower.overall, 'regressed');
  const [p50] = slower.figures.metrics.filter(({ outcome }) => outcome === 'regressed');
  assert.is(p50?.name, 'upcall.latency.p50');
  assert.ok(Math.abs((p50?.value ?? 0) - 1.2) < 0.03 && (p50?.interval?.low ?? 0) > 1.1);
  assert.is(
    compare(
      changed(sides, ({ name }, v) => (name === 'upcall.throughput' ? v * 1.3 : v)),
      choice,
      false,
    ).overall,
    'improved',
  );
});

test('figures that are lacking, are no numbers or have no ratio are said to be, and nothing is decided without them', async () => {
  const sides = await twoRuns();
  for (const [how, reason] of [
    [() => null, /^not-there in new \(1 boot\)$/],
    [() => Number.NaN, /^not-a-number in new \(1 boot\)$/],
    [() => 0, /^no-ratio-to-zero in new \(1 boot\)$/],
  ] as const) {
    const spoilt = changed(sides, ({ name }, value, boot) =>
      name === 'upcall.latency.p50' && boot === 2 ? how() : value,
    );
    const { overall, figures, unsure } = compare(spoilt, choice, false);
    const p50 = figures.metrics.find(({ name }) => name === 'upcall.latency.p50');
    assert.match(p50?.reason ?? '', reason);
    assert.equal([p50?.outcome, p50?.value, overall], ['underpowered', null, 'underpowered']);
    const document = compareDocumentSchema.parse(compareDocument(compare(spoilt, choice, false)));
    const told = document.metrics.find(({ name }) => name === 'upcall.latency.p50');
    assert.equal(
      [told?.verdict, told?.value, told?.interval, told?.chance, told?.detectable, told?.bootsNeeded],
      ['underpowered', null, null, null, null, null],
    );
    assert.match(told?.reason ?? '', reason);
    assert.match(unsure.join(), /no figure in some boot/);
  }
});

test('too few boots decide nothing: exit code 4, and how many would do', async () => {
  for (const boots of [1, 2, 3]) {
    const [base, other] = [await runAt(1, boots), await runAt(20, boots, { seed: 8 })];
    const { code, out } = await command(base.dir, other.dir);
    assert.is(code, 4);
    assert.match(out, /^underpowered: .*could not be decided with so few boots/);
    assert.match(out, /none: too few boots/);
    const json = compareDocumentSchema.parse(JSON.parse((await command(base.dir, other.dir, '--json')).out));
    assert.is(json.verdict, 'underpowered');
    for (const { verdict, interval, detectable, bootsNeeded, reason } of json.metrics)
      assert.equal(
        [verdict, interval, detectable, bootsNeeded === null, reason],
        ['underpowered', null, null, boots === 1, null],
      );
  }
});

test('two mechanisms of one run are compared boot by boot', async () => {
  const { dir } = await runAt(1, 8, { mechanisms: ['keyagent-fd', 'stock'] });
  const { code, out } = await command(dir, '--mechanism', 'keyagent-fd', '--against', 'stock');
  assert.is(code, 0, out);
  assert.match(out, /^improved: /);
  assert.match(out, /boots {4}paired in 8 boots/);
  assert.match(out, /no-host-helper of latency: violated \(pass\) → held \(pass\)/);
  const back = await command(dir, '--mechanism', 'stock', '--against', 'keyagent-fd');
  assert.is(back.code, 1);
  assert.match(back.out, /^regressed: /);
});

test('a verdict that fails now is a regression whatever the figures are', async () => {
  const [base, other] = [await runAt(1, 5), await runAt(20, 5, { script: 'wrong-answers@0.0 wrong-answers@0.1' })];
  const { code, out } = await command(base.dir, other.dir);
  assert.is(code, 1);
  assert.match(out, /^regressed: 1 verdict now failing/);
  assert.match(out, /WORSE {2}right-answerer of latency × keyagent-fd: held \(pass\) → violated \(fail\)/);
});

test('a verdict that differs is worse, better, lost or other', async () => {
  const sides = await twoRuns(2);
  const [any] = sides.base.verdicts;
  const kindOf = (was: Partial<Verdict>, is: Partial<Verdict>) => {
    const having = (side: Side, how: Partial<Verdict>): Side => ({
      ...side,
      verdicts: [{ ...(any as Verdict), property: 'unknown', ...how }],
    });
    const { behaviour, overall } = compare(
      { ...sides, base: having(sides.base, was), new: having(sides.new, is) },
      choice,
      false,
    );
    return [behaviour.flips[0]?.kind, overall === 'regressed'];
  };
  const [pass, fail, unknown] = (['pass', 'fail', 'unknown'] as const).map(
    (verdict): Partial<Verdict> => ({ verdict }),
  );
  assert.equal(kindOf({ ...pass }, { ...fail }), ['worse', true]);
  assert.equal(kindOf({ ...unknown }, { ...fail }), ['worse', true]);
  assert.equal(kindOf({ ...fail }, { ...pass }), ['better', false]);
  for (const was of [pass, fail]) assert.equal(kindOf({ ...was }, { ...unknown }), ['lost', false]);
  assert.equal(kindOf({ ...unknown }, { ...pass }), ['other', false]);
  for (const same of [pass, fail]) {
    assert.equal(kindOf({ ...same, property: 'held' }, { ...same, property: 'violated' }), ['other', false]);
    assert.equal(kindOf({ ...same }, { ...same }), [undefined, false]);
  }
});

test('half runs and guests that failed: what is there is compared, and the answer stays open', async () => {
  const [base, other] = [await runAt(1, 6), await runAt(20, 6, { script: 'lost-connection@3.0' })];
  const failed = await command(base.dir, other.dir);
  assert.is(failed.code, 4);
  assert.match(failed.out, /^underpowered: .*1 of 6 boots of new did not come to its end \(1 lost-connection\)/);
  assert.match(failed.out, /Not compared of new: boot 3\./);
  assert.match(failed.out, /new {2}5 done, 1 lost-connection/);
  const half = await makeRun(20, 6);
  rmSync(path.join(half.dir, 'end.json'));
  const { code, out } = await command(base.dir, half.dir);
  assert.is(code, 4);
  assert.match(out, /^underpowered: .*new is a run of which something is missing/);
});

test('guests that fail are part of the verdict, also where both sides have some', async () => {
  const panics = (boots: number[]) => ({ script: boots.map((boot) => `panic@${boot}.0`).join(' ') });
  const [few, many, most] = [
    await runAt(1, 10, panics([3])),
    await runAt(20, 10, panics([0, 2, 4, 6, 8])),
    await runAt(20, 10, panics([0, 1, 2, 3, 4, 6, 7, 8])),
  ];
  const open = await command(few.dir, many.dir);
  assert.is(open.code, 4, open.out);
  assert.match(open.out, /1 of 10 boots of base did not come to its end \(1 guest-panic\)/);
  assert.match(open.out, /5 of 10 boots of new did not come to their end \(5 guest-panic\)/);
  const more = await command(few.dir, most.dir);
  assert.is(more.code, 1, more.out);
  assert.match(more.out, /^regressed: guests fail more often \(8 of 10 boots, 1 of 10\)/);
  const whole = await runAt(1, 5);
  const first = await command(whole.dir, few.dir, '--json');
  const { verdict, behaviour } = compareDocumentSchema.parse(JSON.parse(first.out));
  assert.equal([first.code, verdict, behaviour.ends.appeared], [1, 'regressed', ['guest-panic']]);
  // Of one run both sides have the same boots: one sentence, and nobody is worse.
  const one = await runAt(1, 8, { mechanisms: ['keyagent-fd', 'stock'], script: 'panic@3.0' });
  const within = await command(one.dir, '--mechanism', 'keyagent-fd', '--against', 'stock');
  assert.is(within.code, 4, within.out);
  assert.is(within.out.match(/1 of 8 boots of the run did not come to its end/g)?.length, 1);
});

test('what cannot be compared is refused with the field that differs', async () => {
  const [base, quick] = [await runAt(1, 2), 'quick-1'];
  const none = await runAt(20, 2, { script: 'boot-failure@0 boot-failure@1' });
  const other = await runAt(20, 2, { mechanisms: ['stock'] });
  for (const [args, code, said] of [
    [[base.dir, quick], 2, /host\.name was host in base and is .* in new\. .* say --force/],
    [[base.dir, base.dir], 2, /was named twice/],
    [[base.dir], 2, /Name a second run, or two mechanisms/],
    [[base.dir, quick, '--against', 'stock'], 2, /--against names a mechanism of the same run/],
    [[base.dir, '--mechanism', 'keyagent-fd', '--against', 'stokc'], 2, /no mechanism 'stokc'/],
    [[base.dir, quick, '--metric', 'upcall.latency.p51'], 2, /no metric 'upcall\.latency\.p51'\. Did you mean/],
    [[base.dir, quick, '--alpha', '1'], 2, /must be a number above 0 and below 1/],
    [[base.dir, quick, '--alpha', '0.00009'], 2, /must be at least 0\.0001: of no more than 10000 ways/],
    [[base.dir, none.dir], 4, /No boot of .* came to its end: there is nothing to compare/],
    [['/nowhere', base.dir], 2, /There is no folder \/nowhere/],
  ] as const) {
    const refused = await command(...args);
    assert.equal([refused.code, refused.out], [code, ''], refused.err);
    assert.match(refused.err, said);
  }
  // The floor's cells are in both, the mechanism's are not.
  const partly = await command(base.dir, other.dir);
  assert.match(partly.out, /Only in base, and not compared: latency × keyagent-fd/);
});

test('fields that decide about figures are refused one by one, or said when forced', async () => {
  const sides = await twoRuns(2);
  const withPlan = (side: Side, ms: number): Side => {
    const { manifest } = side.run;
    const cells = manifest.plan.cells.map((cell) => ({
      ...cell,
      windows: cell.windows.map((window) => ({ ...window, ms })),
    }));
    return { ...side, run: { ...side.run, manifest: { ...manifest, plan: { ...manifest.plan, cells } } } };
  };
  const otherPlan = { ...sides, new: withPlan(sides.new, 77) };
  assert.throws(() => compare(otherPlan, choice, false), /plan of latency × \S+\.windows was/);
  assert.throws(() => compare(otherPlan, choice, false), /windows was (.+) in base and is (?!\1 in new\.).+ in new\./);
  assert.match(compare(otherPlan, choice, true).notes.join('\n'), /Forced, though plan of latency/);
  const records = (how: object) =>
    sides.new.run.records.map((record) =>
      record.kind === 'boot-start' ? { ...record, description: { ...record.description, ...how } } : record,
    );
  const described = (how: object): Sides => ({
    ...sides,
    new: { ...sides.new, run: { ...sides.new.run, records: records(how) } },
  });
  assert.throws(
    () => compare(described({ accelerator: 'kvm' }), choice, false),
    /accelerator was none in base and is kvm in new/,
  );
  assert.throws(() => compare(described({ smp: 4 }), choice, false), /smp was 1 in base and is 4 in new/);
  assert.throws(() => compare(described({ kernelConfigHash: 'x' }), choice, false), /kernelConfigHash was/);
  assert.throws(() => compare(described({ clock: 'icount' }), choice, false), /counts instructions/);
  const [start] = sides.new.run.records.flatMap((record) => (record.kind === 'boot-start' ? [record] : []));
  const cmdline = String(start?.description.cmdline);
  assert.throws(() => compare(described({ cmdline: `${cmdline} quiet` }), choice, false), /cmdline was/);
  // That is measured by each harness: no two runs of a host agree in it.
  assert.equal(compare(described({ cmdline: `${cmdline} tsc_early_khz=2445400` }), choice, false).notes.length, 1);
  const kernels = compare(described({ kernel: '7.2', kernelConfigHash: 'x', cmdline: 'y' }), choice, false);
  assert.match(kernels.notes.join('\n'), /differ in this: kernel was 6\.1-fake in base and is 7\.2 in new/);
});

test('a run that was put together is of the hosts of all its shards', async () => {
  const sides = await twoRuns(2);
  const on = (side: Side, ...names: string[]): Side => {
    const { host, runId, createdAt, tool } = side.run.manifest;
    const shards = names.map((name, i) => ({
      ...{ index: i + 1, runId, createdAt, tool, resumptions: 0, problems: [] },
      host: { ...host, name },
    }));
    const manifest = { ...side.run.manifest, merged: { count: names.length, shards } };
    return { ...side, run: { ...side.run, manifest } };
  };
  const both = { ...sides, base: on(sides.base, 'host', 'elsewhere'), new: on(sides.new, 'elsewhere', 'host') };
  assert.is(compare(both, choice, false).design.kind, 'separate');
  for (const [base, other] of [
    [on(sides.base, 'host', 'elsewhere'), sides.new],
    [on(sides.base, 'host', 'elsewhere'), on(sides.new, 'host', 'third')],
  ] as const)
    assert.throws(
      () => compare({ ...sides, base, new: other }, choice, false),
      /hosts was .*elsewhere.* in base and is/,
    );
  assert.throws(
    () => compare({ ...sides, new: on(sides.new, 'third', 'third') }, choice, false),
    /host\.name was host in base and is third in new/,
  );
});

test('boots belong together when both sides of a block were measured before the next block', async () => {
  const sides = await twoRuns(3);
  /** Boot after boot, at these hours. */
  const at = (side: Side, hours: readonly number[]): Side => ({
    ...side,
    boots: side.boots.map((boot, i) => {
      const stamp = (minutes: number) => new Date((hours[i] as number) * hour + minutes * 60_000).toISOString();
      const [start, end] = [boot.start, boot.end];
      return { ...boot, start: start && { ...start, at: stamp(0) }, end: end && { ...end, at: stamp(30) } };
    }),
  });
  const kindOf = (base: number[], other: number[]) => {
    const { kind, blocks, atOnce } = designOf({ ...sides, base: at(sides.base, base), new: at(sides.new, other) });
    return [kind, blocks.length, atOnce];
  };
  assert.equal(kindOf([0, 3, 4], [1, 2, 5]), ['interleaved', 3, false]);
  assert.equal(kindOf([0, 1, 2], [3, 4, 5]), ['separate', 1, false]);
  assert.equal(kindOf([0, 2, 4], [0.2, 2.2, 4.2]), ['separate', 1, true]);
  // What two hosts do at the same time, or in turn, disturbs nobody and is not of one block.
  const elsewhere = (side: Side): Side => {
    const { manifest } = side.run;
    return { ...side, run: { ...side.run, manifest: { ...manifest, host: { ...manifest.host, name: 'elsewhere' } } } };
  };
  for (const other of [
    [0.2, 2.2, 4.2],
    [1, 3, 5],
  ]) {
    const apart = designOf({ ...sides, base: at(sides.base, [0, 2, 4]), new: elsewhere(at(sides.new, other)) });
    assert.equal([apart.kind, apart.atOnce], ['separate', false]);
  }
  const turned = { ...sides, base: at(sides.base, [0, 3, 4]), new: at(sides.new, [1, 2, 5]) };
  const broken = turned.new.boots.map((boot, i) => (i === 1 ? { ...boot, finished: false } : boot));
  const { blocks, left } = designOf({ ...turned, new: { ...turned.new, boots: broken } });
  assert.equal([blocks.length, left], [2, { base: [1], new: [1] }]);
  const only = (side: Side, finished: number): Side => ({
    ...side,
    boots: side.boots.map((boot, i) => ({ ...boot, finished: i === finished })),
  });
  assert.throws(
    () => compare({ ...turned, base: only(turned.base, 0), new: only(turned.new, 2) }, choice, false),
    (error: unknown) =>
      error instanceof KeystormError && error.exitCode === 4 && /No block came to its end/.test(error.message),
  );
});

test.run();
