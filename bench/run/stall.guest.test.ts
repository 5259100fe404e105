// SPDX-License-Identifier: MIT
/**
 * An agent that stands still for a second under open-loop load, by the whole harness on a real guest. How close the figures come
 * to the model of bench/measure/stall-model.ts depends on the host, and is printed; what is asserted no noise can change: that
 * every start is accounted for, and that nobody was answered in that second.
 */
import * as assert from 'uvu/assert';
import { bootsOf } from '../../results/boots.ts';
import { type CellView, cellView } from '../../results/cell-view.ts';
import { RunWriter } from '../../results/run-writer.ts';
import { aCell, aContainer, aManifest, aPlan } from '../../results/testing/plans.ts';
import { openProvider } from '../../vm/providers.ts';
import { type JudgedRun, judgedRun } from '../commands/actions/judged-run.ts';
import { stallQuantile } from '../measure/stall-model.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import type { RunListener } from './listener.ts';
import { runPlan } from './run.ts';

const bootAndBuildMs = 300_000;
const test = suite('an agent that stands still, in a guest', { timeoutMs: bootAndBuildMs });

const quiet: RunListener = {
  runStarts() {},
  bootStarts() {},
  guestIsUp() {},
  frame() {},
  failure() {},
  bootEnds() {},
  note() {},
};

const rates = [50, 400];
/** More than any agent can answer, also where the guest is not emulated. */
const beyond = 100_000;
const fault = { name: 'stop-answerer', container: 'victim', atMs: 1_000, untilMs: 2_000 };

function cell(id: string, requesters: number, windows: ReturnType<typeof aCell>['windows']) {
  const containers = [aContainer('victim', { role: 'victim', requesters })];
  return aCell({ id, scenario: 'agent-stop', containers, windows, expect: { 'every-request-ended': 'held' } });
}

const below = rates.map((rate, i) => {
  const window = { ms: 5_000, maxRequests: 5 * rate + 1, samples: true, rate };
  return cell(`c${i}`, 64, [window, { ...window, faults: [fault] }]);
});
const flood = { ms: 200, maxRequests: beyond, samples: true, rate: beyond };
const plan = aPlan([...below, cell('c9', 8, [flood])], 1, { machine: 'qemu', memoryMiB: 512 });

let judged: JudgedRun;

test.before(async () => {
  const provider = openProvider('qemu');
  await provider.prepare({ kernel: '6.1', locked: false, noInstall: true, progress: () => {} });
  const writer = RunWriter.create(testFolder(), aManifest(plan));
  await runPlan({ plan, provider, writer, listener: quiet, signal: new AbortController().signal });
  judged = judgedRun(writer.dir);
});
test.after(removeTestRuns);

function viewOf(id: string): CellView {
  const [boot] = bootsOf(plan, judged.run.records);
  const found = plan.cells.find((each) => each.id === id);
  assert.ok(boot && found);
  return cellView(found, boot);
}

test('the run is complete, and every request ended', () => {
  assert.equal(judged.run.problems, []);
  assert.is(judged.run.status, 'complete');
  assert.equal(
    judged.verdicts.map(({ verdict }) => verdict),
    plan.cells.map(() => 'pass'),
  );
});

test('every start that was due is made or missed', () => {
  for (const { id } of plan.cells) {
    for (const { frame, plan: window } of viewOf(id).windows) {
      assert.ok(frame?.arrivals && window.rate !== undefined);
      const due = Math.ceil((window.ms * window.rate) / 1_000);
      assert.is(frame.started + frame.arrivals.missed, due, `${id}, window ${frame.index}`);
      assert.is(frame.arrivals.service_hist.count, frame.ok);
    }
  }
});

test('what came due while the agent stood still waited until it went on, and then had its answer', () => {
  for (const { id } of below) {
    const stalled = viewOf(id).windows.find(({ phase }) => phase === 'fault');
    const { inject, clear } = stalled?.faults[0] ?? {};
    assert.ok(stalled?.requests && stalled.frame && inject && clear);
    const held = stalled.requests.filter(({ start }) => start > inject.mono_after && start < clear.mono_before);
    assert.ok(held.length > 0);
    for (const { end, errno } of held) assert.ok(errno === 0 && end !== null && end > clear.mono_before);
    // So a tail cannot be shorter than what was left of the stop for each of them.
    const least = stalled.requests.map(({ start }) =>
      held.some((each) => each.start === start) ? clear.mono_before - start : 0,
    );
    const latencies = stalled.requests.map(({ start, end }) => (end ?? 0) - start);
    for (const q of [0.9, 0.99]) {
      const [seen, bound] = [latencies, least].map((all) => stallQuantile([{ latencies: all, missed: 0 }], q));
      assert.ok((seen ?? 0) >= (bound ?? Number.NaN), `${id}: ${seen} at ${q}, at least ${bound}`);
    }
  }
});

test('the figures are compared with the model; beyond capacity missed starts explain why they are not', () => {
  for (const { name, dimensions, samples } of judged.metrics.filter((each) => each.name.startsWith('stall.'))) {
    const [sample] = samples;
    console.log(`${name} ${dimensions.load}: ${sample?.value?.toFixed(4) ?? sample?.reason}`);
    if (name === 'stall.p90_ratio')
      assert.ok(sample?.value !== null || sample.reason === 'missed-starts', sample?.reason);
  }
  const p99 = judged.metrics.find(
    (each) => each.name === 'upcall.latency.p99' && each.dimensions.load === `open:${beyond}`,
  );
  assert.equal([p99?.samples[0]?.value, p99?.samples[0]?.reason], [null, 'missed-starts']);
  assert.ok((viewOf('c9').windows[0]?.frame?.arrivals?.missed ?? 0) > 0);
});

test('the harness says for each window what it used of the host', () => {
  const windows = plan.cells.flatMap(({ id, windows }) => windows.map((_, index) => `${id} ${index}`));
  const used = judged.run.records.flatMap((each) => (each.kind === 'harness' ? [each] : []));
  assert.equal(
    used.map(({ cell, index }) => `${cell} ${index}`),
    windows,
  );
  for (const { cell, index, wallNs, cpuNs } of used) {
    console.log(
      `harness in ${cell}, window ${index}: ${(100 * (cpuNs / wallNs)).toFixed(2)}% of one core over ${(wallNs / 1e9).toFixed(2)} s`,
    );
    assert.ok(cpuNs > 0);
  }
});

test.run();
