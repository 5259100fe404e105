// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { scenarios } from './index.ts';
import { isApplicable } from './types.ts';

const test = suite('the scenarios');

for (const scenario of scenarios) {
  const applicable = Object.values(scenario.routes).filter(isApplicable);

  test(`${scenario.name} asks a question, and expects something of a route`, () => {
    assert.match(scenario.question, /\?$/);
    assert.ok(applicable.length > 0);
    for (const route of applicable) assert.ok(Object.keys(route.expect).length > 0);
  });

  test(`${scenario.name} has its faults in a container and in time`, () => {
    for (const window of [...scenario.windows, ...(scenario.quickWindows ?? [])]) {
      assert.ok(window.ms <= 5_000);
      if (window.fault === undefined) continue;
      const { container, atMs, untilMs } = window.fault;
      assert.ok(scenario.containers.some((each) => each.name === container && each.role === 'victim'));
      assert.ok(atMs < untilMs && untilMs < window.ms);
      // A request that only the module's timeout ends must still end within the window.
      assert.ok(atMs + scenario.timeoutMs < window.ms);
    }
  });

  test(`${scenario.name} judges a bystander only with a factor declared beforehand, and a fault-free window`, () => {
    if (!applicable.some((route) => 'bystander-unaffected' in route.expect)) return;
    assert.ok((scenario.bystanderFactor ?? 0) > 1);
    assert.ok(scenario.containers.some((container) => container.role === 'bystander'));
    assert.ok(scenario.windows.some((window) => window.fault === undefined));
  });
}

test('the attack and its control differ in the setuid bit and in what is expected, and in nothing else', () => {
  const [attack, control] = ['setuid-attack', 'setuid-control'].map((name) => scenarios.find((s) => s.name === name));
  assert.ok(attack && control);
  const workload = ({ name: _n, question: _q, routes: _r, expectedErrors: _e, ...rest }: typeof attack) => rest;
  const plain = attack.containers.map((container) => ({ ...container, setuid: false }));
  assert.equal(workload({ ...attack, containers: plain }), workload(control));
  assert.equal(
    attack.containers.map((container) => container.setuid),
    [true],
  );
});

test.run();
