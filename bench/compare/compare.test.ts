// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { removeTestRuns } from '../testing/test-run.ts';
import { compare } from './compare.ts';
import { compareDocument, compareDocumentSchema } from './document.ts';
import { runsAsSides, type Side } from './side.ts';
import { changed, choice, command, runAt, twoRuns } from './testing/runs.ts';

const test = suite('compare', { timeoutMs: 170_000 });
test.after(removeTestRuns);

test('two runs of the same: unchanged, exit code 0, the verdict first, and nothing is written', async () => {
  const [base, other] = [await runAt(1, 5), await runAt(20, 5, { seed: 8 })];
  const before = readFileSync(path.join(base.dir, 'frames.ndjson'));
  const { code, out } = await command(base.dir, other.dir);
  assert.is(code, 0, out);
  assert.match(out, /^unchanged: all \d+ metrics within δ \(runs not measured in turn\)\.\n/);
  assert.match(
    out,
    /α 0\.01 for all \d+ metrics together, all 252 ways .* δ 5% of a ratio, 1 point of a share, 100 ms/,
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

test('a metric that only one side has is not left out without a word', async () => {
  const sides = await twoRuns();
  const cut = (side: Side) => ({ ...side, metrics: side.metrics.filter(({ name }) => name !== 'upcall.throughput') });
  for (const [spoilt, reason] of [
    [{ ...sides, new: cut(sides.new) }, 'not-measured in new (5 boots)'],
    [{ ...sides, base: cut(sides.base) }, 'not-measured in base (5 boots)'],
  ] as const) {
    const { overall, figures } = compare(spoilt, choice, false);
    const throughput = figures.metrics.find(({ name }) => name === 'upcall.throughput');
    assert.equal([throughput?.reason, throughput?.outcome, overall], [reason, 'underpowered', 'underpowered']);
    assert.is(throughput?.base === null, reason.includes('base'));
  }
});

test('of a cell that only one run has nothing is compared, and it is said', async () => {
  const [base, other] = [await runAt(1, 5), await runAt(20, 5, { seed: 8, mechanisms: ['keyagent-fd', 'stock'] })];
  for (const [one, two, where] of [
    [base, other, 'new'],
    [other, base, 'base'],
  ] as const) {
    const { overall, notes, figures } = compare(runsAsSides(one.judged.run, two.judged.run), choice, false);
    assert.is(overall, 'unchanged');
    assert.not.ok(figures.metrics.some(({ dimensions }) => dimensions.mechanism === 'stock'));
    assert.match(notes.join('\n'), new RegExp(`Only in ${where}, and not compared: latency × stock`));
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

test.run();
