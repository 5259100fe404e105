// SPDX-License-Identifier: MIT
/** What is exported, read by those for whom it is meant; see docs/exporting.md for which. */
import path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { judgedRun } from '../commands/actions/judged-run.ts';
import { compare } from '../compare/compare.ts';
import { defaultDeltas } from '../compare/judged.ts';
import { runsAsSides } from '../compare/side.ts';
import { plainText } from '../report/plain-text.ts';
import { examplesDir } from '../run/run-folder.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testRun } from '../testing/test-run.ts';
import { type Exportable, measurements } from './exportable.ts';
import { junit } from './junit.ts';
import { openMetrics } from './openmetrics.ts';
import { arbitraryParts, exportableOf } from './testing/arbitrary.ts';
import { canRead, casesSchema, type Reader, read, readers } from './testing/read-back.ts';

const test = suite('exports read back', { timeoutMs: 60_000 });
test.after(removeTestRuns);

function testWith(how: Reader, name: string, body: () => unknown): void {
  if (canRead(how)) test(name, body);
  else test.skip(name, `${readers[how].from} is not installed here`);
}

const { judged } = await testRun();
const { judged: broken } = await testRun({ script: 'panic@1.0 wrong-answers@0.0 wrong-answers@0.1' });
const choice = { alpha: 0.01, deltas: defaultDeltas };
const compared: Exportable = { ...broken, comparison: compare(runsAsSides(judged.run, broken.run), choice, false) };
const examples = ['quick-1', 'format-1'].map((name) => judgedRun(path.join(examplesDir, name)));
const sound: readonly Exportable[] = [judged, compared, ...examples];
const drawn = fc.sample(arbitraryParts, { numRuns: 100, seed: 7 }).map((parts) => exportableOf(judged.run, parts));

testWith('xml', 'whatever evidence and names are, an XML parser has them back, and no case more', () => {
  /** As a text stands in a document. */
  const shown = (text: string) => plainText(text).replace(/\p{Noncharacter_Code_Point}/gu, '');
  const found = read('xml', drawn.map(junit), casesSchema);
  assert.is(found.length, drawn.length);
  for (const [i, { verdicts, run }] of drawn.entries()) {
    const cases = found[i] ?? [];
    assert.is(cases.length, verdicts.length + 1 + run.manifest.plan.boots.length);
    for (const { oracle, evidence, dimensions } of verdicts) {
      const own = cases.filter(
        ({ suite: of, name }) => of === shown(String(dimensions.scenario)) && name === shown(oracle),
      );
      const texts = own.map(({ message, text }) => text ?? message ?? '');
      assert.ok(
        texts.some((text) => text.endsWith(shown(evidence))),
        JSON.stringify([evidence, texts]),
      );
    }
  }
});

const numbers = z.array(z.number());
const suitesSchema = z.array(
  z.object({
    name: z.string(),
    said: numbers,
    counted: numbers,
    cases: z.array(z.object({ className: z.string(), name: z.string(), results: z.array(z.string()) })),
  }),
);

testWith('junit', 'junitparser counts what the files say, and finds each verdict', () => {
  const all = read('junit', [...sound, ...drawn].map(junit), suitesSchema);
  for (const { name, said, counted } of all.flat()) assert.equal(counted, said, name);
  const second = all[1] ?? [];
  assert.is(second.find(({ name }) => name === 'run')?.said[2], 1, 'the boot that broke is an error');
  const cases = second.flatMap((each) => each.cases);
  const failed = cases.find(({ className, name }) => className === 'latency.keyagent-fd' && name === 'right-answerer');
  assert.equal(failed?.results, ['Failure']);
  for (const [i, { verdicts }] of sound.entries()) {
    const own = (all[i] ?? []).filter(({ name }) => name !== 'run' && name !== 'comparison');
    assert.is(own.flatMap((each) => each.cases).length, verdicts.length);
  }
});

const familiesSchema = z.array(
  z.object({
    name: z.string(),
    type: z.literal('gauge'),
    unit: z.string(),
    samples: z.array(z.object({ labels: z.record(z.string(), z.string()), value: z.number() })),
  }),
);

testWith(
  'openmetrics',
  'the parser of Prometheus has back each figure that is there, with its labels, in base units',
  () => {
    const all = [...sound, ...drawn];
    const found = read('openmetrics', all.map(openMetrics), familiesSchema);
    for (const [i, { metrics }] of all.entries()) {
      const families = (found[i] ?? []).filter(({ samples: [first] }) => first?.labels.boot !== undefined);
      const there = metrics.flatMap((metric) => measurements(metric).map((sample) => ({ metric, sample })));
      assert.is(families.flatMap(({ samples }) => samples).length, there.length);
      for (const { metric, sample } of there) {
        const value = metric.unit.endsWith('ns') ? sample.value / 1e9 : sample.value;
        const labels = Object.entries({ ...metric.dimensions, boot: sample.boot });
        const own = families
          .filter(({ name }) => name.startsWith(`keystorm_${metric.name.replaceAll('.', '_')}`))
          .flatMap(({ samples }) => samples)
          .filter((each) => labels.every(([label, text]) => each.labels[label] === plainText(String(text))));
        assert.ok(
          own.some((each) => each.value === value),
          JSON.stringify([metric, own]),
        );
      }
    }
  },
);

testWith('openmetrics', 'the readers refuse what is cut off', () => {
  assert.throws(() => read('openmetrics', [openMetrics(judged).replace('# EOF\n', '')], familiesSchema), /EOF/);
  assert.throws(() => read('xml', [junit(judged).replace('</testsuites>', '')], casesSchema), /ParseError/);
});

test.run();
