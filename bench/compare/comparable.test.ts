// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import type { Side, Sides } from './side.ts';
import { choice, command, runAt, twoRuns } from './testing/runs.ts';

const test = suite('what can be compared', { timeoutMs: 170_000 });
test.after(removeTestRuns);

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
  assert.throws(
    () => compare(described({ clock: 'icount' }), choice, false),
    /clock was virtual in base and is icount in new, and a count of instructions is no time/,
  );
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

test.run();
