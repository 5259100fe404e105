// SPDX-License-Identifier: MIT
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { defaultDeltas } from '../compare/judged.ts';
import { type Side, sideOf } from '../compare/side.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { analyse } from './analyse.ts';
import { type Certificate, certificateSchema } from './certificate.ts';
import { rateOf } from './rate.ts';
import { drawBlocks, swapped } from './repaired.ts';
import { certificateFile, citeIn, keepCertificate } from './store.ts';

const test = suite('calibration of a host', { timeoutMs: 170_000 });
test.after(removeTestRuns);

async function command(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const small = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '3'];
let made: Promise<{ dir: string; certificate: Certificate }> | undefined;

function calibrated() {
  made ??= (async () => {
    const dir = testFolder();
    const few = ['--boots', '10', '--blocks-each', '8', '--comparisons', '40'];
    const { code, out, err } = await command('calibrate', ...small, ...few, '--out', dir, '--json');
    assert.is(code, 0, err);
    return { dir, certificate: certificateSchema.parse(JSON.parse(out)) };
  })();
  return made;
}

test('two guests that do not differ raise no alarm, and a known difference beyond delta is found at its size', async () => {
  const { dir, certificate } = await calibrated();
  assert.equal([certificate.alarms.share, certificate.blocks, certificate.disjoint], [0, 10, 1]);
  const [three, ten] = certificate.power;
  assert.equal([three?.percent, three?.unchanged], [3, 1]);
  assert.equal([ten?.percent, ten?.found.share], [10, 1]);
  assert.ok(Math.abs((ten?.ratio ?? 0) - 1.1) < 0.01, `${ten?.ratio}`);
  assert.equal(JSON.parse(readFileSync(path.join(dir, certificateFile), 'utf8')), certificate);
  for (const name of ['pilot', 'plain-1', 'plain-2', 'delay-3', 'delay-10'])
    assert.is(readRun(path.join(dir, name)).status, 'complete', name);
});

test('comparisons of its host cite it, those of another kind of guest do not', async () => {
  const { dir, certificate } = await calibrated();
  const kept = testFolder();
  keepCertificate(certificate, kept);
  const [base, other] = [testFolder(), testFolder()];
  cpSync(path.join(dir, 'plain-1'), base, { recursive: true });
  cpSync(path.join(dir, 'plain-2'), other, { recursive: true });
  citeIn(readRun(other), kept);
  const cited = await command('compare', base, other);
  assert.match(
    cited.out,
    /This host was calibrated on .*0% of comparisons of the same alarm; 3% found in 0%; 10% found in 100%/,
  );
  const elsewhere = testFolder();
  keepCertificate({ ...certificate, smp: 2 }, elsewhere);
  citeIn(readRun(base), elsewhere);
  assert.not(existsSync(path.join(base, certificateFile)));
});

test('whoever asks for more blocks than there are is told so before anything is measured', async () => {
  const few = await command('calibrate', ...small, '--boots', '5', '--out', testFolder());
  assert.is(few.code, 2);
  assert.match(few.err, /A comparison of 10 blocks cannot be drawn from 5/);
  for (const delays of ['0', '3,3', 'three', '1,2,3,4,5,6']) {
    const refused = await command('calibrate', ...small, '--delays', delays);
    assert.is(refused.code, 2, delays);
  }
});

async function twins(script = ''): Promise<[Side, Side]> {
  const run = async (seed: number) => sideOf((await testRun({ plan: { boots: 9, seed }, script })).judged.run);
  return [await run(1), await run(2)];
}

test('an alarm where nothing differs is counted: one of the twins was made slower behind the back of the statistics', async () => {
  const [one, two] = await twins();
  const slower = {
    ...two,
    metrics: two.metrics.map((metric) => ({
      ...metric,
      samples: metric.samples.map((sample) => ({ ...sample, value: sample.value === null ? null : sample.value * 2 })),
    })),
  };
  const options = { rules: { alpha: 0.01, deltas: defaultDeltas }, blocksEach: 8, comparisons: 60, seed: 1 };
  assert.is(analyse({ plain: [one, two], delayed: [] }, options).alarms.share, 0);
  // Which is base is drawn for each block, so that a lasting difference shows as scatter; what is found is when coins fall alike.
  const { power } = analyse({ plain: [one, one], delayed: [{ side: slower, percent: 100, delayNs: 1 }] }, options);
  assert.is(power[0]?.found.share, 1);
});

test('blocks that did not come to their end in some run are in no comparison', async () => {
  const [one, two] = await twins('panic@4.0');
  const options = { rules: { alpha: 0.01, deltas: defaultDeltas }, blocksEach: 8, comparisons: 10, seed: 1 };
  assert.is(analyse({ plain: [one, two], delayed: [] }, options).blocks, 8);
  assert.throws(
    () => analyse({ plain: [one, two], delayed: [] }, { ...options, blocksEach: 9 }),
    /8 blocks came to their end/,
  );
});

test('drawn blocks are different ones, in order; a swap leaves each figure with one of the sides', async () => {
  const [one, two] = await twins();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), (each, seed) => {
      const blocks = drawBlocks([0, 1, 2, 3, 4, 5, 6, 7, 8], each, randomOf(seed));
      assert.is(new Set(blocks).size, each);
      assert.equal(
        blocks,
        [...blocks].sort((a, b) => a - b),
      );
      const sides = swapped([one, two], blocks, randomOf(seed));
      const valuesOf = (side: Side, boot: number) =>
        side.metrics.map(({ samples }) => samples.find((sample) => sample.boot === boot)?.value);
      for (const boot of blocks) {
        const [base, other] = [valuesOf(sides.base, boot), valuesOf(sides.new, boot)];
        const kept = JSON.stringify(base) === JSON.stringify(valuesOf(one, boot));
        assert.equal(
          [base, other],
          kept ? [valuesOf(one, boot), valuesOf(two, boot)] : [valuesOf(two, boot), valuesOf(one, boot)],
        );
      }
    }),
    { numRuns: 20 },
  );
});

test('the interval of a rate is wide where a few blocks decide, and none where all came out alike', () => {
  const blocks = [0, 1, 2, 3, 4, 5];
  const pairs = blocks.flatMap((a) => blocks.filter((b) => b > a).map((b) => [a, b]));
  const trials = (of: (pair: number[]) => boolean) => pairs.map((pair) => ({ blocks: pair, happened: of(pair) }));
  assert.is(
    rateOf(
      trials(() => false),
      blocks,
    ).interval,
    null,
  );
  const byOne = rateOf(
    trials((pair) => pair.includes(0)),
    blocks,
  );
  const spread = rateOf(
    trials(([a = 0, b = 0]) => (a + b) % 3 === 0),
    blocks,
  );
  assert.is(byOne.share, spread.share);
  const width = ({ interval }: typeof byOne) => (interval === null ? 0 : interval.high - interval.low);
  assert.ok(width(byOne) > width(spread), `${width(byOne)} ${width(spread)}`);
});

test.run();
