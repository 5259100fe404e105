// SPDX-License-Identifier: MIT
import { rmSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { Verdict } from '../judge/verdict.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import { compareDocumentSchema } from './document.ts';
import type { Side } from './side.ts';
import { choice, command, makeRun, runAt, twoRuns } from './testing/runs.ts';

const test = suite('what two runs did, compared', { timeoutMs: 170_000 });
test.after(removeTestRuns);

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

test('errors are told of what both sides measured: what one of them did not is no absence of errors', async () => {
  const sides = await twoRuns(2);
  const failing = (side: Side): Side => ({
    ...side,
    metrics: side.metrics.flatMap((metric) => {
      if (metric.name !== 'upcall.error_share' || metric.dimensions.errno !== 'all') return [metric];
      const dimensions = { ...metric.dimensions, scenario: 'elsewhere' };
      const samples = metric.samples.map((sample) => ({ ...sample, value: 0.5 }));
      const all = { ...metric, dimensions, samples };
      return [metric, all, { ...all, dimensions: { ...dimensions, errno: 'ENOKEY' } }];
    }),
  });
  const told = (base: Side, other: Side) =>
    compare({ ...sides, base, new: other }, choice, false).behaviour.errnos.map(({ base: was, new: is }) => [was, is]);
  assert.equal(told(failing(sides.base), sides.new), []);
  const [both] = told(failing(sides.base), failing(sides.new));
  assert.equal(both, [{ ENOKEY: 0.5 }, { ENOKEY: 0.5 }]);
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

test.run();
