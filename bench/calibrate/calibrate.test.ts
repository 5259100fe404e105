// SPDX-License-Identifier: MIT
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { main } from '../commands/main.ts';
import { capture } from '../commands/testing/capture.ts';
import { countedDeltas, defaultDeltas } from '../compare/judged.ts';
import { type Side, sideOf } from '../compare/side.ts';
import { randomOf } from '../plan/random.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { analyse } from './analyse.ts';
import { type Certificate, certificateSchema } from './certificate.ts';
import { analyseCounted } from './counted.ts';
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
  assert.match(cited.out, /with latency × keyagent-fd, kernel 6\.1/);
  const several = testFolder();
  const later = { ...certificate, createdAt: '2999-01-01T00:00:00.000Z' };
  keepCertificate(certificate, several);
  keepCertificate({ ...later, mechanisms: ['stock'] }, several);
  cpSync(path.join(dir, 'plain-1'), path.join(several, 'run'), { recursive: true });
  citeIn(readRun(path.join(several, 'run')), several);
  const chosen = certificateSchema.parse(JSON.parse(readFileSync(path.join(several, 'run', certificateFile), 'utf8')));
  assert.equal(chosen, certificate, 'of the same mechanism, though not the newest');
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

const counting = [...small, '--clock', 'icount'];
let counted: Promise<{ dir: string; certificate: Certificate; err: string }> | undefined;

/** Of guests that count instructions. */
function calibratedCounts() {
  counted ??= (async () => {
    const dir = testFolder();
    const few = ['--boots', '9', '--blocks-each', '8', '--comparisons', '30', '--trials', '10', '--additions', '1,10'];
    const { code, out, err } = await command('calibrate', ...counting, ...few, '--out', dir, '--json');
    assert.is(code, 0, err);
    return { dir, certificate: certificateSchema.parse(JSON.parse(out)), err };
  })();
  return counted;
}

test('where instructions are counted, builds that differ by arrangement raise no alarm, and known numbers are found on whichever side they are', async () => {
  const { dir, certificate } = await calibratedCounts();
  assert.equal([certificate.alarms.share, certificate.blocks, certificate.delta], [0, 9, 0.005]);
  const { alarmsAtMost = 1, trials, additions = [] } = certificate.counted ?? {};
  assert.ok(alarmsAtMost > 0.1 && alarmsAtMost < 0.12, `none of 30 says little: ${alarmsAtMost}`);
  assert.is(trials, 10);
  assert.equal(
    additions.map(({ percent, build, found }) => [percent, build, found]),
    [
      [1, 'same', 1],
      [1, 'other', 1],
      [10, 'same', 1],
      [10, 'other', 1],
    ],
  );
  for (const { instructions, percent, truth, ratio, worst } of additions) {
    assert.ok(Math.abs(truth - (1 + percent / 100)) < 0.001, `${truth}`);
    assert.ok(Math.abs(instructions / certificate.pilotNs - percent / 100) < 0.001, `${instructions}`);
    assert.ok(Math.abs(ratio - truth) < 0.002 && worst < 0.002, `${ratio} ${truth} ${worst}`);
  }
  assert.is(readRun(path.join(dir, 'plain-2')).manifest.plan.arrangement, 1);
});

test('what was recorded can be analysed again, without a guest', async () => {
  const { dir, certificate } = await calibratedCounts();
  const words = ['--blocks-each', '8', '--comparisons', '30', '--trials', '10', '--additions', '1,10'];
  const elsewhere = path.join(testFolder(), 'again');
  const { code, out, err } = await command(
    'calibrate',
    ...counting,
    ...words,
    ...['--recorded', dir, '--out', elsewhere, '--json'],
  );
  assert.is(code, 0, err);
  assert.ok(existsSync(path.join(elsewhere, certificateFile)));
  const again = certificateSchema.parse(JSON.parse(out));
  assert.equal({ ...again.counted, alarms: again.alarms }, { ...certificate.counted, alarms: certificate.alarms });
  const text = (await command('calibrate', ...counting, ...words, '--recorded', dir)).out;
  assert.match(text, /1% \(\d+ instructions\) against one arranged otherwise +found 100% \(at least 69\.2%\)/);
  const none = await command('calibrate', ...counting, '--recorded', testFolder());
  assert.is(none.code, 2);
  assert.match(none.err, /is no calibration that counted instructions: it has no run plain-1/);
  assert.is((await command('calibrate', ...small, '--recorded', dir)).code, 2);
});

test('what was recorded is told as it was, whichever command analyses it', async () => {
  const { dir, certificate } = await calibratedCounts();
  const { manifest } = readRun(path.join(dir, 'plain-1'));
  assert.equal(certificate.createdAt, manifest.createdAt);
  const words = ['--blocks-each', '7', '--comparisons', '30', '--trials', '10', '--additions', '1'];
  const alien = ['--machine', 'fake', '--clock', 'icount', '--seed', '77', '--boots', '20', '--mechanism', 'stock'];
  const { code, out, err } = await command('calibrate', ...alien, ...words, '--recorded', dir, '--json');
  assert.is(code, 0, err);
  const again = certificateSchema.parse(JSON.parse(out));
  assert.equal([again.createdAt, again.seed], [manifest.createdAt, 3]);
  assert.match(certificate.repro, / --quick .*--additions 1,10 --blocks-each 8 /);
  const analysed = certificate.repro.replace('--additions 1,10 --blocks-each 8', '--additions 1 --blocks-each 7');
  assert.is(again.repro, analysed);
  assert.is(manifest.repro, certificate.repro);
});

test('where instructions are counted it is of one load with agents, or refused before anything boots', async () => {
  const few = ['--machine', 'fake', '--clock', 'icount', '--quick', '--boots', '10', '--blocks-each', '8'];
  for (const [words, message] of [
    [
      ['--mechanism', 'keyagent-fd,keyagent-signal', '--scenario', 'latency'],
      /of one load, and here are 2 \(latency × /,
    ],
    [['--mechanism', 'keyagent-fd', '--scenario', 'agent-kill'], /of one load, and here are \d+ \(/],
    [['--mechanism', 'stock', '--scenario', 'latency'], /asks no agent in latency × stock/],
    [['--mechanism', 'null-actor', '--scenario', 'latency'], /of one load, and here are 0: name one mechanism/],
  ] as const) {
    const out = path.join(testFolder(), 'none');
    const refused = await command('calibrate', ...few, ...words, '--out', out);
    assert.is(refused.code, 2, refused.err);
    assert.match(refused.err, message);
    assert.not.ok(existsSync(out));
  }
});

test('no option is ignored because of the clock', async () => {
  for (const [words, message] of [
    [[...counting, '--delays', '3'], /--delays are of guests that measure time/],
    [[...small, '--additions', '1'], /--additions is of guests that count instructions: say --clock icount, too/],
    [[...small, '--trials', '10'], /--trials is of guests that count instructions/],
  ] as const) {
    const refused = await command('calibrate', ...words);
    assert.is(refused.code, 2);
    assert.match(refused.err, message);
  }
});

test('layouts in which some run has no count of a request are in no comparison, and too few are said', async () => {
  const { dir } = await calibratedCounts();
  const sides = ['plain-1', 'plain-2', 'longer-1'].map((name) => sideOf(readRun(path.join(dir, name))));
  const [one, two, more] = sides as [Side, Side, Side];
  const without = (side: Side, boots: readonly number[]): Side => ({
    ...side,
    metrics: side.metrics.map((metric) => ({
      ...metric,
      samples: metric.samples.map((sample) =>
        metric.name.startsWith('upcall.instructions.') && boots.includes(sample.boot)
          ? { ...sample, value: null, requests: [], reason: 'no-ok-requests' }
          : sample,
      ),
    })),
  });
  const rules = { alpha: 0.01, deltas: countedDeltas };
  const options = { rules, blocksEach: 8, comparisons: 10, trials: 5, seed: 1 };
  const analysed = (boots: readonly number[]) =>
    analyseCounted(
      { plain: [one, two], longer: [{ side: without(more, boots), percent: 1, instructions: 500 }] },
      options,
    );
  const { blocks, counted: told } = analysed([4]);
  assert.is(blocks, 8);
  assert.ok(told.additions.every(({ ratio, worst }) => Number.isFinite(ratio) && Number.isFinite(worst)));
  assert.throws(
    () => analysed([4, 5]),
    (error: unknown) =>
      error instanceof KeystormError &&
      error.exitCode === 4 &&
      /^In 7 of the 9 layouts .* \(in others: no-ok-requests\), and a comparison is of 8/.test(error.message),
  );
});

test('comparisons of counts cite what counting is worth, on whichever host', async () => {
  const { dir, certificate } = await calibratedCounts();
  const kept = testFolder();
  keepCertificate({ ...certificate, host: { ...certificate.host, name: 'elsewhere' } }, kept);
  const [base, other] = [testFolder(), testFolder()];
  cpSync(path.join(dir, 'plain-1'), base, { recursive: true });
  cpSync(path.join(dir, 'plain-2'), other, { recursive: true });
  citeIn(readRun(other), kept);
  const cited = await command('compare', base, other);
  assert.match(cited.out, /Counting was calibrated on .*0% of 30 comparisons of the same alarm \(at most 11\.6%/);
  assert.match(
    cited.out,
    /1% more instructions found in 100% of 10 trials against the same build, 0\.\d\d points off at most/,
  );
});

test('an accident that is the same in all layouts is no alarm only where it is too little to matter', async () => {
  const { dir } = await calibratedCounts();
  const sides = ['plain-1', 'plain-2', 'longer-1'].map((name) => sideOf(readRun(path.join(dir, name))));
  const [one, two, more] = sides as [Side, Side, Side];
  const rules = { alpha: 0.01, deltas: countedDeltas };
  const options = { rules, blocksEach: 8, comparisons: 20, trials: 5, seed: 1 };
  assert.is(analyseCounted({ plain: [one, two], longer: [] }, options).alarms.share, 0);
  assert.is(analyseCounted({ plain: [one, more], longer: [] }, options).alarms.share, 1);
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
