// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Plan } from '../../results/plan.ts';
import { faults } from '../../scenarios/faults/index.ts';
import { allScenarios } from '../../scenarios/index.ts';
import { findMechanism, mechanisms } from '../mechanisms/index.ts';
import { hasAgents } from '../mechanisms/routes.ts';
import { suite } from '../testing/suite.ts';
import { estimateBootMs, estimateRunMs, estimateStepMs } from './estimate.ts';
import { renderGuestPlan } from './guest-plan.ts';
import { makePlan, type PlanOptions } from './make-plan.ts';
import { runsIn } from './parts.ts';
import { anyOptions, few, options } from './testing/options.ts';

const test = suite('the plan');

const cellOrder = (boot: { steps: readonly { kind: string; cell?: string }[] }) =>
  boot.steps.filter((step) => step.kind === 'cell').map((step) => step.cell ?? '');

test('the same options give the same plan', () => {
  fc.assert(
    fc.property(anyOptions, (each) => assert.equal(makePlan(each), makePlan(each))),
    few,
  );
});

test("on a machine that is somebody's there is nothing that is done to the machine as a whole, and each reason is given", () => {
  const names = allScenarios.map(({ name }) => name);
  const asked = { ...options, mechanisms: mechanisms.map(({ mechanism }) => mechanism.name), scenarios: names };
  const plan = makePlan({ ...asked, disposable: false });
  assert.equal(plan.checks, []);
  const ofGuest = faults.filter(({ needs }) => needs.includes('disposable')).map(({ name }) => name);
  assert.equal(ofGuest, ['step-clock', 'offline-cpu', 'fill-disk']);
  for (const { mechanism, windows, expect } of plan.cells) {
    assert.is(mechanism.helper, 'keyutils');
    assert.not.ok(['null', 'session-rfc'].includes(mechanism.route), mechanism.name);
    for (const window of windows) for (const { name } of window.faults ?? []) assert.not.ok(ofGuest.includes(name));
    // Others' packages are no sign of us.
    assert.is(expect['no-traffic-in-window'], undefined);
  }
  const reason = (mechanism: string, scenario: string) =>
    plan.notApplicable.find((each) => each.mechanism === mechanism && each.scenario === scenario)?.reason ?? '';
  assert.match(reason('keyagent-fd', 'clock-step'), /done to the machine as a whole: .* can be thrown away/);
  assert.match(reason('stock-minimal', 'latency'), /puts another helper in the place of the machine's own/);
  assert.match(reason('keyagent-fd', 'wrong-nic'), /checks change settings of the whole machine/);
  assert.ok(makePlan(asked).cells.length > plan.cells.length);
  assert.throws(
    () => makePlan({ ...asked, scenarios: ['wrong-nic'], disposable: false }),
    /Nothing of what was asked for applies/,
  );
});

test('every boot has each cell once, after all the floors', () => {
  fc.assert(
    fc.property(anyOptions, (each) => {
      const plan = makePlan(each);
      const ids = plan.cells.map((cell) => cell.id).sort();
      assert.is(plan.boots.length, ids.length > 0 ? each.boots : 1);
      for (const boot of plan.boots) {
        assert.equal([...cellOrder(boot)].sort(), ids);
        const kinds = boot.steps.map((step) => step.kind);
        assert.is(kinds.lastIndexOf('floor'), kinds.findIndex((kind) => kind !== 'floor') - 1);
      }
    }),
    few,
  );
});

test('what is checked is asked once, in the first boot, after all that is measured', () => {
  const plan = makePlan({ ...options, mechanisms: ['all'], scenarios: ['latency,fallbacks,wrong-nic'], boots: 2 });
  assert.ok(plan.checks.length > 20);
  assert.is(new Set([...plan.cells, ...plan.checks].map(({ id }) => id)).size, plan.cells.length + plan.checks.length);
  const [first, second] = plan.boots.map(({ steps }) => steps.map(({ kind }) => kind));
  assert.ok(first && second);
  assert.is(first.filter((kind) => kind === 'checks').length, plan.checks.length);
  assert.is(first.indexOf('checks'), first.lastIndexOf('cell') + 1);
  assert.not.ok(second.includes('checks'));
});

test('boots and seeds differ in their order', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const plan = makePlan({ ...options, boots: 3, seed });
      const orders = new Set(plan.boots.map((boot) => cellOrder(boot).join(' ')));
      assert.is(orders.size, 3);
      assert.is(new Set(plan.boots.map((boot) => boot.seed)).size, 3);
    }),
  );
});

test('a longer run begins like a shorter one of the same seed', () => {
  const short = makePlan({ ...options, boots: 2 });
  const long = makePlan({ ...options, boots: 5 });
  assert.equal(long.boots.slice(0, 2), short.boots);
});

test('the default mechanisms are measured, with all every one, also in a quick run, and the floor comes along unasked', () => {
  const names = (of: typeof mechanisms) => of.map((entry) => entry.mechanism.name).sort();
  for (const quick of [false, true]) {
    const measured = (asked: string[]) => {
      const plan = makePlan({ ...options, mechanisms: asked, quick });
      return [...new Set(plan.cells.map((cell) => cell.mechanism.name))].sort();
    };
    assert.equal(measured([]), names(mechanisms.filter(({ byDefault }) => byDefault)));
    assert.equal(measured(['all']), names(mechanisms));
    assert.ok(measured(['all']).length >= 14);
  }
  const one = makePlan({ ...options, mechanisms: ['stock'], scenarios: ['latency'] });
  assert.equal(
    one.cells.map((cell) => cell.mechanism.name),
    ['stock', 'null-actor'],
  );
});

test('what was asked for and does not apply is named with its reason', () => {
  const plan = makePlan({ ...options, mechanisms: ['stock,keyagent-fd'], scenarios: ['setuid-attack'] });
  assert.equal(
    plan.notApplicable.map((each) => `${each.mechanism} ${each.scenario}`),
    ['stock setuid-attack'],
  );
  assert.match(plan.notApplicable[0]?.reason ?? '', /no agent/);
});

test('what a run lacks for a scenario is the reason why that is left out, and how to have it', () => {
  const plan = (means: Partial<PlanOptions>) =>
    makePlan({ ...options, mechanisms: ['keyagent-fd'], scenarios: ['latency,cpu-unplugged,checks'], ...means });
  const lacking = (means: Partial<PlanOptions>) =>
    plan(means)
      .notApplicable.filter(({ reason }) => reason.includes('run it with'))
      .map(({ scenario, reason }) => `${scenario}: ${reason}`);
  assert.equal(lacking({}), []);
  assert.is(plan({}).smp, 2);
  assert.equal(lacking({ smp: undefined }), [
    'cpu-unplugged: it takes a processor away, and there is one: run it with --smp 2',
  ]);
  assert.is(plan({ smp: undefined }).smp, 1);
  assert.equal(lacking({ allocationsFail: undefined }), [
    'failing-allocations: this kernel lets no allocation fail on demand: run it with --kernel debug or leaks',
  ]);
  const [ofTree = ''] = lacking({ allocationsFail: false, kernelTree: '/linux' });
  assert.match(ofTree, /: build the tree with CONFIG_.*, or run it with --kernel debug or leaks$/);
});

test('a refusal names each reason once, with all whom it keeps out', () => {
  const asked = { ...options, smp: 1, mechanisms: ['stock,keyagent-fd'], scenarios: ['cpu-unplugged'] };
  assert.throws(() => makePlan(asked), /\(stock, keyagent-fd in cpu-unplugged: it takes [^;]* with --smp 2\)/);
});

test('a plan in which nothing applies is a usage error', () => {
  assert.throws(() => makePlan({ ...options, mechanisms: ['stock'], scenarios: ['setuid-attack'] }), /Nothing of what/);
});

test('a floor that comes along is nothing to do for a mechanism that is left out, and all there is for a floor by its name', () => {
  const of = (mechanism: string) => makePlan({ ...options, mechanisms: [mechanism], scenarios: ['hammer-overhead'] });
  assert.throws(() => of('stock'), /Nothing of what was asked for applies \(stock in hammer-overhead: /);
  assert.equal(
    of('null-actor').cells.map(({ mechanism }) => mechanism.name),
    ['null-actor'],
  );
});

test('agents exist where agents answer, one for all where they are shared, and nowhere else', () => {
  const { cells } = makePlan({ ...options, scenarios: ['all'] });
  assert.ok(cells.some(({ topology }) => topology === 'shared'));
  for (const cell of cells) {
    const kind = cell.scenario === 'shared-agent' ? 'shared' : 'own';
    const agents = hasAgents(cell.mechanism.route) ? kind : 'none';
    assert.is(cell.topology, agents);
    for (const container of cell.containers) assert.is(container.agent, agents);
  }
});

test('the default run fits into ten minutes of guest time, a quick one into two', () => {
  assert.ok(estimateRunMs(makePlan(options)) < 600_000);
  assert.ok(estimateRunMs(makePlan({ ...options, quick: true, boots: 1 })) < 120_000);
});

const scenariosOf = ({ cells, checks }: Plan) => [...cells, ...checks].map(({ scenario }) => scenario);

test('without a name it is the standard scenarios, with all not the studies', () => {
  const names = (asked: string[], quick = false) => [
    ...new Set(scenariosOf(makePlan({ ...options, scenarios: asked, quick }))),
  ];
  assert.equal(names([]), runsIn('bench'));
  assert.equal(names([], true), runsIn('quick'));
  assert.equal(names(['all']), runsIn('all'));
  assert.equal(names(['hammer-overhead']), ['hammer-overhead']);
});

test('a scenario that leaves out one mechanism says why, and measures the others of its route', () => {
  const plan = makePlan({ ...options, scenarios: ['hammer-overhead'], mechanisms: ['all'] });
  assert.equal(
    plan.cells.map(({ mechanism }) => mechanism.name),
    ['keyagent-fd', 'null-actor'],
  );
  assert.match(
    plan.notApplicable.find(({ mechanism }) => mechanism === 'keyagent-signal')?.reason ?? '',
    /same for every/,
  );
});

test('rates are the mechanism’s own unless they are asked for, and then the same for all', () => {
  const ratesOf = (each: Partial<PlanOptions>) =>
    makePlan({ ...options, scenarios: ['open-loop'], ...each }).cells.map(({ windows }) =>
      [...new Set(windows.map(({ rate }) => rate ?? 0))].sort((a, b) => a - b),
    );
  const own = ratesOf({});
  assert.is(own.length, mechanisms.filter(({ byDefault, floor }) => byDefault && !floor).length);
  assert.not.equal(own[0], own.at(-1));
  for (const rates of own) assert.ok(rates.length >= 3);
  assert.equal(
    ratesOf({ rates: [20, 2_000] }),
    own.map(() => [20, 2_000]),
  );
  assert.throws(() => makePlan({ ...options, scenarios: ['latency'], rates: [20] }), /no open loop; add open-loop/);
});

test('the accelerator is the one asked for', () => {
  assert.is(makePlan(options).accelerator, 'auto');
  assert.is(makePlan({ ...options, accelerator: 'tcg' }).accelerator, 'tcg');
});

test('what a cell should take follows from what is asked for', () => {
  const took = (asked: string, mechanism: string) => {
    const plan = makePlan({ ...options, scenarios: [asked], mechanisms: [mechanism], boots: 1 });
    const cell = plan.cells.find((each) => each.mechanism.name === mechanism);
    assert.ok(cell);
    return estimateStepMs(plan, { kind: 'cell', cell: cell.id });
  };
  const openMs = (mechanism: string) =>
    makePlan({ ...options, scenarios: ['open-loop'], mechanisms: [mechanism] })
      .cells.flatMap(({ windows }) => windows)
      .reduce((sum, { ms }) => sum + ms, 0);
  assert.ok(took('open-loop', 'keyagent-fd') > openMs('keyagent-fd'));
  // 40 rounds of one upcall each against 40 of 16.
  assert.ok(took('storm-distinct-keys', 'stock-minimal') > 5 * took('storm-one-key', 'stock-minimal'));
  // One in five of as many requests.
  assert.ok(took('mixed', 'stock') < 0.4 * took('latency', 'stock'));
});

test('the estimate of a run is the sum of its boots', () => {
  const plan = makePlan(options);
  const sum = plan.boots.reduce((total, boot) => total + estimateBootMs(plan, boot), 0);
  assert.is(estimateRunMs(plan), sum);
});

/** The grammar of docs/guest-protocol.md, one pattern for each statement. */
test('only who has agents has their delay, and all who have have the same', () => {
  const plan = makePlan({ ...options, mechanisms: ['stock', 'keyagent-fd', 'userns-fd'], agentDelayNs: 20_000 });
  const delays = new Map(plan.cells.map(({ mechanism, agentDelayNs }) => [mechanism.name, agentDelayNs]));
  assert.equal([delays.get('stock'), delays.get('keyagent-fd'), delays.get('userns-fd')], [undefined, 20_000, 20_000]);
  const text = plan.boots.map((boot) => renderGuestPlan(plan, boot)).join('');
  const agents = plan.cells.filter(({ agentDelayNs }) => agentDelayNs !== undefined).length;
  assert.is(text.split('  agent_delay_ns 20000\n').length - 1, agents * plan.boots.length);
});

test('only where our module has agents asked it executes more than it needs', () => {
  const mechanisms = ['stock', 'keyagent-fd', 'keyagent-rfc'];
  const plan = makePlan({ ...options, mechanisms, pathInstructions: 700, boots: 1 });
  const counts = new Map(plan.cells.map(({ mechanism, pathInstructions }) => [mechanism.name, pathInstructions]));
  assert.equal(
    [counts.get('stock'), counts.get('keyagent-fd'), counts.get('keyagent-rfc')],
    [undefined, 700, undefined],
  );
  assert.match(plan.boots.map((boot) => renderGuestPlan(plan, boot)).join(''), /\n {2}path_instructions 700\n/);
});

test('where instructions are counted each request is reported', () => {
  const sampled = (clock: 'wall' | 'icount') =>
    makePlan({ ...options, clock, scenarios: ['latency'] }).cells.flatMap(({ windows }) =>
      windows.map(({ samples }) => samples),
    );
  assert.ok(sampled('icount').every((each) => each));
  assert.not.ok(sampled('wall').some((each) => each));
});

test('a route may have errors of its own, in place of the scenario’s', () => {
  const mechanisms = ['keyagent-signal', 'keyagent-rfc'];
  const { cells } = makePlan({ ...options, mechanisms, scenarios: ['agent-kill'], boots: 1 });
  const errors = new Map(cells.map(({ mechanism, expectedErrors }) => [mechanism.name, expectedErrors]));
  assert.equal([errors.get('keyagent-signal'), errors.get('keyagent-rfc')], [['ENOKEY'], ['ENOKEY', 'ESRCH']]);
});

test('open loop asks every mechanism for less than half of what it can do, and for more', () => {
  for (const { mechanism, windows } of makePlan({ ...options, scenarios: ['open-loop'] }).cells) {
    const capacity = 1e6 / (findMechanism(mechanism.name)?.roughRequestUs ?? Number.NaN);
    const rates = windows.map(({ rate }) => rate ?? Number.NaN);
    assert.ok(Math.min(...rates) < capacity / 2 && Math.max(...rates) > capacity, `${mechanism.name}: ${rates}`);
  }
});

test.run();
