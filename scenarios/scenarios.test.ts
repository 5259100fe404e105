// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import type { WindowPlan } from '../results/plan.ts';
import { faults } from './faults/index.ts';
import { scenarios } from './index.ts';
import { isApplicable, isLadder, type Scenario } from './types.ts';

const test = suite('the scenarios');

/** What may become a window of the scenario, as long as it may be. */
function windowsOf({ windows, quickWindows }: Scenario): Pick<WindowPlan, 'ms' | 'faults'>[] {
  return [windows, quickWindows ?? []].flatMap((each): Pick<WindowPlan, 'ms' | 'faults'>[] =>
    isLadder(each) ? each.shapes.map(({ ms, faults }) => ({ ms: ms.most, ...(faults && { faults }) })) : [...each],
  );
}

for (const scenario of scenarios) {
  const applicable = Object.values(scenario.routes).filter(isApplicable);

  test(`${scenario.name} asks a question, and expects something of a route`, () => {
    assert.match(scenario.question, /\?$/);
    assert.ok(applicable.length > 0);
    for (const route of applicable) assert.ok(Object.keys(route.expect).length > 0);
  });

  test(`${scenario.name} has its faults in a container and in time`, () => {
    for (const window of windowsOf(scenario)) {
      assert.ok(window.ms <= 5_000);
      for (const { name, container, atMs, untilMs, amount } of window.faults ?? []) {
        const known = faults.find((fault) => fault.name === name && fault.by === 'window');
        assert.ok(known, name);
        if (known.target === 'guest') assert.is(container, undefined);
        else assert.ok(scenario.containers.some((each) => each.name === container && each.role === 'victim'));
        assert.ok(atMs < untilMs && untilMs < window.ms);
        if (amount !== undefined)
          assert.ok(known.amount && amount >= known.amount.least && amount <= known.amount.most, `${name} ${amount}`);
        // A request of a dead agent that only the module's timeout ends must still end within the window.
        if (name === 'kill-answerer') assert.ok(atMs + scenario.timeoutMs < window.ms);
        // Whereas one that waits for a stopped agent must not be ended by it.
        if (name === 'stop-answerer') assert.ok(untilMs - atMs < scenario.timeoutMs / 2);
      }
    }
  });

  test(`${scenario.name} judges a bystander only with a factor declared beforehand, and a fault-free window`, () => {
    if (!applicable.some((route) => 'bystander-unaffected' in route.expect)) return;
    assert.ok((scenario.bystanderFactor ?? 0) > 1);
    assert.ok(scenario.containers.some((container) => container.role === 'bystander'));
    assert.ok(windowsOf(scenario).some((window) => window.faults === undefined));
  });

  test(`${scenario.name} expects of every route that what it saw was undisturbed`, () => {
    for (const route of applicable) assert.is(route.expect['no-traffic-in-window'], 'held');
  });
}

test('the attack and its control differ in the setuid bit and in what is expected, and in nothing else', () => {
  const [attack, control] = ['setuid-attack', 'setuid-control'].map((name) => scenarios.find((s) => s.name === name));
  assert.ok(attack && control);
  const workload = ({
    name: _n,
    question: _q,
    routes: _r,
    expectedErrors: _e,
    workloadFaults: _f,
    ...rest
  }: typeof attack) => rest;
  const plain = attack.containers.map((container) => ({ ...container, setuid: false }));
  assert.equal(workload({ ...attack, containers: plain }), workload(control));
  assert.equal(
    attack.containers.map((container) => container.setuid),
    [true],
  );
});

test('rates rise along a ladder, each once', () => {
  const ladders = scenarios.flatMap(({ windows, quickWindows }) => [windows, quickWindows ?? []].filter(isLadder));
  assert.ok(ladders.length > 0);
  for (const { rates } of ladders)
    assert.equal(
      rates,
      [...new Set(rates)].sort((a, b) => a - b),
    );
});

test('at one rate an agent is stopped at, every request of that time finds a free requester', () => {
  const stop = scenarios.find(({ name }) => name === 'agent-stop');
  assert.ok(stop && isLadder(stop.windows));
  const { rates, shapes } = stop.windows;
  const [lowest, requesters] = [rates[0] ?? 0, stop.containers[0]?.requesters ?? 0];
  for (const fault of shapes.flatMap(({ faults = [] }) => faults)) {
    assert.ok((lowest * (fault.untilMs - fault.atMs)) / 1_000 < requesters);
  }
});

test('a shared agent is measured under the load of agents of their own', () => {
  const [own, shared] = ['containers', 'shared-agent'].map((name) => scenarios.find((each) => each.name === name));
  assert.ok(own && shared);
  assert.equal([shared.containers, shared.windows, shared.warmup], [own.containers, own.windows, own.warmup]);
  assert.equal([own.topology, shared.topology], [undefined, 'shared']);
});

test('in the mix every size comes as often among misses as among hits', () => {
  const mixed = scenarios.find(({ name }) => name === 'mixed');
  assert.ok(mixed?.requests);
  const { hitPercent } = mixed.requests;
  const sizes = mixed.payloadBytes.length;
  const misses = Array.from({ length: 300 }, (_, k) => k).filter((k) => ((k + 1) * hitPercent) % 100 >= hitPercent);
  const bySize = Array.from({ length: sizes }, (_, size) => misses.filter((k) => k % sizes === size).length);
  assert.is(new Set(bySize).size, 1);
});

test('the study of the hammer alternates both kinds of window, and which of them is first', () => {
  const study = scenarios.find(({ name }) => name === 'hammer-overhead');
  assert.ok(study);
  for (const windows of [study.windows, study.quickWindows ?? []]) {
    assert.ok(!isLadder(windows));
    assert.ok(windows.length <= 256 && windows.length % 4 === 0);
    const kinds = windows.map(({ timing }) => timing);
    assert.equal(kinds, Array.from({ length: windows.length / 4 }, () => ['each', 'batch', 'batch', 'each']).flat());
    for (const { maxRequests } of windows) assert.is(maxRequests % 1_000, 0);
  }
});

test.run();
