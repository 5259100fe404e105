// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Plan } from '../../results/plan.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import type { Unnumbered } from '../../results/testing/frames.ts';
import { aCell, aFaultCell, aPlan } from '../../results/testing/plans.ts';
import { aDescription, aRun } from '../../results/testing/runs.ts';
import { judge } from '../judge/judge.ts';
import { metricsOf } from '../measure/metrics.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, type TestRun, testRun } from '../testing/test-run.ts';
import { findMetric, perBoot, summarise } from './figures.ts';
import { htmlReport } from './html-report.ts';
import { reportData } from './report-data.ts';
import { durationText } from './spread.ts';
import { demandWellFormed, picturesOf, rootOf, words } from './testing/document.ts';

const test = suite('the page', { timeoutMs: 120_000 });
test.after(removeTestRuns);

const mostBytes = 1_000_000;

const pageOfRun = (run: StoredRun) => htmlReport(reportData(run, metricsOf(run), judge(run)));
const pageOf = ({ judged: { run, metrics, verdicts } }: TestRun) => htmlReport(reportData(run, metrics, verdicts));
const headings = (page: string) => [...page.matchAll(/<h2 id="([a-z-]+)"/g)].map(([, id]) => id);

/** What holds of every page, whatever the run. */
function demandSound(page: string): void {
  assert.ok(page.startsWith('<!DOCTYPE html>\n<html lang="en">'));
  demandWellFormed(rootOf(page));
  for (const [tag] of page.matchAll(/<[^>]*>/g)) {
    assert.not.match(tag, /^<(?:script|img|link|iframe|object|base|form)|\s(?:on[a-z]+|src|action|style)=/i);
  }
  for (const [style] of page.matchAll(/<style>.*?<\/style>/gs)) assert.not.match(style, /url\(|@import|https?:/);
  for (const [, target] of page.matchAll(/\shref="([^"]*)"/g)) assert.match(target ?? '', /^#[a-z-]+$/);
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length, 'an id twice');
  for (const [, target = ''] of page.matchAll(/\s(?:href="#|aria-labelledby=")([^"]+)"/g)) {
    for (const id of target.split(' ')) assert.ok(ids.includes(id), `nothing has the id ${id}`);
  }
  for (const picture of picturesOf(page)) {
    demandWellFormed(picture);
    if (!picture.includes('aria-hidden'))
      assert.match(picture, /role="img".*<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+</);
    assert.not.match(picture, /NaN|Infinity|undefined/);
  }
  assert.ok(page.length < mostBytes, `${page.length} bytes`);
}

/** Every section has something of it: of scenarios that are drawn alike one. */
const oneOfEachKind = [
  ...['latency', 'open-loop', 'containers', 'shared-agent', 'mixed', 'storm-one-key', 'agent-kill', 'agent-stop'],
  ...['setuid-attack', 'nesting', 'stages', 'hammer-overhead', 'fallbacks', 'agent-backlog', 'wrong-nic'],
];

test('a run of every kind: all sections in order, verdict first, how to repeat it last, and all of it sound', async () => {
  const run = await testRun({ plan: { mechanisms: [], scenarios: oneOfEachKind, boots: 2, quick: true } });
  const page = pageOf(run);
  demandSound(page);
  const expected = [
    'faults',
    'results',
    'features',
    'verdicts',
    'distributions',
    'open-loop',
    'time',
    'errors',
    'containers',
    'storms',
    'hits',
    'stages',
    'floors',
    'cost',
    'boots',
    'missing',
    'manifest',
    'repeat',
  ];
  assert.equal(headings(page), expected);
  assert.match(
    words(page.slice(page.indexOf('<h1>'), page.indexOf('</h1>'))),
    /^pass All \d+ expectations met \(\d+ cells, \d+ blocks of checks, 2 boots\)/,
  );
  assert.match(page, /<pre><code>npm run -s keystorm -- bench --mechanism .* --seed \d+( --quick)?<\/code><\/pre>/);
  assert.is(pageOf(run), page, 'the same run gives the same bytes');
});

test('what a run did not measure has no section', async () => {
  const page = pageOf(await testRun({ plan: { scenarios: ['latency'], boots: 1 } }));
  demandSound(page);
  for (const absent of ['open-loop', 'time', 'containers', 'storms', 'hits', 'not-met', 'trouble']) {
    assert.not.ok(headings(page).includes(absent), absent);
  }
  assert.match(words(page), /No request of a measuring window is known to have failed/);
});

test('every figure of the table is that of the metrics', async () => {
  const run = await testRun({ plan: { mechanisms: [], scenarios: ['latency'], boots: 3, quick: false } });
  const text = words(pageOf(run)).replaceAll('\u00a0', ' ');
  for (const mechanism of ['stock', 'stock-minimal', 'keyagent-signal', 'keyagent-fd']) {
    const cells = ['p50', 'p90', 'p99'].map((quantile) => {
      const where = { scenario: 'latency', mechanism };
      const summary = summarise(perBoot(findMetric(run.judged.metrics, `upcall.latency.${quantile}`, where)));
      assert.ok(summary);
      return `${durationText(summary.median).replace('.', '\\.')}(?: \\[[\\d.]+\\.\\.[\\d.]+\\])?`;
    });
    assert.match(text, new RegExp(` ${mechanism} ${cells.join(' ')} `));
  }
});

test('what speaks against the figures stands above them', async () => {
  const top = (page: string) => words(page.slice(0, page.indexOf('<nav')));
  assert.match(top(pageOf(await testRun())), /FAKE: the fake machine made these figures up/);
  assert.match(top(pageOf(await testRun({ plan: { boots: 1 } }))), /ONE BOOT/);
  const panic = pageOf(await testRun({ script: 'panic@0.0' }));
  demandSound(panic);
  assert.match(top(panic), /FAILED BOOTS: 1 of 2 \(guest-panic\)/);
  assert.match(words(panic), /What went wrong boot 0: guest-panic/);
  const stopped = await testRun({
    onEvent: (event, abort) => (event === 'boot 1 starts' ? abort('SIGINT') : undefined),
  });
  assert.match(top(pageOf(stopped)), /ABORTED: somebody stopped the run/);
  const sound = aRun(aPlan([aCell()]));
  const torn: StoredRun = { ...sound, status: 'incomplete', problems: ['frames.ndjson ends in the middle of line 7.'] };
  assert.match(top(pageOfRun(torn)), /INCOMPLETE.*What went wrong/);
  assert.match(words(pageOfRun(torn)), /frames\.ndjson ends in the middle of line 7/);
  assert.match(top(pageOfRun(withMachine(sound, { machine: 'qemu', accelerator: 'tcg' }))), /EMULATED \(TCG\)/);
  assert.not.match(top(pageOfRun(withMachine(sound, { machine: 'qemu', accelerator: 'kvm' }))), /EMULATED|FAKE/);
});

test('every figure and table of measurements says what it was taken on', () => {
  const page = pageOfRun(withMachine(aRun(aPlan([aFaultCell()])), { machine: 'qemu', accelerator: 'kvm' }));
  const captions = [...page.matchAll(/<figcaption>.*?<\/figcaption>/gs)].map(([caption]) => words(caption));
  assert.ok(captions.length > 2);
  for (const caption of captions) assert.match(caption, /\[qemu, KVM\]$/);
});

test('a verdict that fails is in the title, and its evidence below', async () => {
  const page = pageOf(await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' }));
  demandSound(page);
  assert.match(page, /<title>keystorm test: fail<\/title>/);
  assert.match(words(page), /fail \d of \d+ expectations not met .*right-answerer \(latency × keyagent-fd/);
  assert.is(headings(page)[0], 'not-met');
});

test('a saturated mechanism: hollow markers, a percentile beyond all measured drawn as such, missed starts counted', async () => {
  const options = { mechanisms: ['stock-minimal'], scenarios: ['open-loop'], boots: 2, quick: false };
  const run = await testRun({ plan: options });
  const missed = run.judged.metrics.filter(
    ({ name, samples }) => name === 'upcall.missed_starts' && samples.some(({ value }) => (value ?? 0) > 0),
  );
  assert.ok(missed.length > 0, 'the made-up mechanism keeps up with every rate');
  const page = pageOf(run);
  demandSound(page);
  const [p50 = '', p99 = ''] = ['p50', 'p99'].map((quantile) =>
    picturesOf(page).find((each) => each.includes(`open-loop: ${quantile} by offered rate`)),
  );
  assert.match(p50, /class="s\d hollow"/);
  assert.match(p99, /a second: beyond all measured\./);
  assert.match(words(page), /\d+ starts missed/);
});

test('a victim and its bystander stand side by side, the fault shaded and named, failures counted', () => {
  const page = pageOfRun(aRun(aPlan([aFaultCell()])));
  demandSound(page);
  const pictures = picturesOf(page).filter((picture) => picture.includes('latency over time'));
  assert.is(pictures.length, 2);
  for (const picture of pictures)
    assert.match(picture, /class="shade".*agent of the victim killed, until a new one is ready/);
  assert.match(pictures[0] ?? '', /\d+ × ENOKEY/);
  assert.not.match(pictures[1] ?? '', /ENOKEY/);
});

/** A run in which everything that a guest or a host may word is the same text. */
function worded(plan: Plan, text: string): StoredRun {
  const frame = (each: Unnumbered): Unnumbered => {
    if (each.t === 'kmsg') return { ...each, lines: [[0, 1, `BUG: ${text}`]] };
    return each.t === 'hello' ? { ...each, kernel: text, version: text, machine: text, clocksource: text } : each;
  };
  const run = aRun(plan, { frame, panicBefore: (each, boot) => boot === 1 && each.t === 'keys' });
  const { host, tool } = run.manifest;
  const words = { name: text, cpuModel: text, os: text, node: text };
  const records = run.records.map((record) =>
    record.kind === 'failure'
      ? { ...record, message: text, consoleTail: [text], title: text, fingerprint: '0123456789ab' }
      : record,
  );
  const hostile = {
    ...run,
    records,
    problems: [text],
    manifest: { ...run.manifest, repro: text, host: { ...host, ...words }, tool },
  };
  return withMachine(hostile, {
    machine: 'qemu',
    kernel: text,
    cmdline: text,
    notes: [text],
    hypervisor: { version: text, args: [text] },
  });
}

function withMachine(run: StoredRun, change: object): StoredRun {
  const description = { ...aDescription, ...change };
  return {
    ...run,
    records: run.records.map((record) => (record.kind === 'boot-start' ? { ...record, description } : record)),
  };
}

const smallPlan = aPlan([aCell({ expect: { 'kernel-log-clean': 'held' } })]);

test('a guest that writes markup has written text', () => {
  const page = pageOfRun(worded(smallPlan, `"><script src=//evil>alert('x')</script><img src=x onerror=1>\u202e]]>`));
  demandSound(page);
  assert.match(words(page), /BUG: "><script src=\/\/evil>alert\('x'\)<\/script>/);
});

test('whatever is worded how, the page stays a page', () => {
  const frame = pageOfRun(worded(smallPlan, 'x')).match(/<[a-z]+/g)?.length;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
      const page = pageOfRun(worded(smallPlan, `x${text}`));
      demandSound(page);
      assert.is(page.match(/<[a-z]+/g)?.length, frame);
    }),
    { numRuns: 25 },
  );
});

test('a run far larger than usual is still a page that can be attached', () => {
  const cells = Array.from({ length: 24 }, (_, index) => {
    const cell = aFaultCell({ id: `c${index}`, scenario: `scenario-${Math.floor(index / 4)}` });
    const mechanism = { ...cell.mechanism, name: `mechanism-${index % 4}` };
    const windows = cell.windows.map((window) => ({ ...window, maxRequests: 4_000 }));
    return { ...cell, mechanism, windows };
  });
  const page = pageOfRun(aRun(aPlan(cells, 2)));
  demandSound(page);
  assert.is(picturesOf(page).filter((picture) => picture.includes('latency over time')).length, 48);
});

test.run();
