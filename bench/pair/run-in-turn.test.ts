// SPDX-License-Identifier: MIT
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { PairSide } from '../../results/manifest.ts';
import { readRun } from '../../results/run-reader.ts';
import { RunWriter } from '../../results/run-writer.ts';
import { aManifest } from '../../results/testing/plans.ts';
import { parseScript } from '../../vm/fake/misbehaviour.ts';
import { FakeProvider } from '../../vm/fake/provider.ts';
import { VirtualClock } from '../../vm/fake/virtual-clock.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { RunListener } from '../run/listener.ts';
import { hostClockOf } from '../run/run.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, smallOptions, testFolder } from '../testing/test-run.ts';
import { sidesInOrder } from './order.ts';
import { runInTurn } from './run-in-turn.ts';

const test = suite('runs in turn', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const plan = makePlan({ ...smallOptions, boots: 3 });

/** Both sides on the fake machine; `onBoot` is told which boot begins, and may abort. */
async function runBoth(first: readonly PairSide[], script: string, onBoot: (boot: string, abort: () => void) => void) {
  const [dir, clock, controller] = [testFolder(), new VirtualClock(), new AbortController()];
  const boots: string[] = [];
  const partsOf = async (side: PairSide) => {
    const provider = new FakeProvider({ clock, script: side === 'new' ? parseScript(script) : [] });
    await provider.prepare({ kernel: '6.1', locked: true, noInstall: true, progress: () => {} });
    const writer = RunWriter.create(path.join(dir, side), aManifest(plan), { clock: hostClockOf(clock) });
    const listener: RunListener = {
      ...silent,
      bootStarts: (boot) => {
        boots.push(`${side} ${boot}`);
        onBoot(`${side} ${boot}`, () => controller.abort('SIGINT'));
      },
    };
    return { plan, provider, writer, listener, signal: controller.signal };
  };
  const runs = { base: await partsOf('base'), new: await partsOf('new') };
  await runInTurn({ runs, order: sidesInOrder(first) });
  const statusOf = (side: PairSide) => readRun(path.join(dir, side)).status;
  return { boots, status: { base: statusOf('base'), new: statusOf('new') } };
}

const nothing = () => undefined;
const silent: RunListener = {
  ...{ runStarts: nothing, bootStarts: nothing, guestIsUp: nothing, frame: nothing, failure: nothing },
  ...{ bootEnds: nothing, note: nothing },
};

const inTurn = ['base 0', 'new 0', 'new 1', 'base 1', 'base 2', 'new 2'];

test('block by block, in each the side first that was to be', async () => {
  const { boots, status } = await runBoth(['base', 'new', 'base'], '', nothing);
  assert.equal(boots, inTurn);
  assert.equal(status, { base: 'complete', new: 'complete' });
});

test('a guest that breaks keeps none of the others from being measured', async () => {
  const { boots, status } = await runBoth(['base', 'new', 'base'], 'boot-failure@1', nothing);
  assert.equal(boots, inTurn);
  assert.equal(status, { base: 'complete', new: 'complete' });
});

test('who stops it stops both sides, and each says so', async () => {
  const { boots, status } = await runBoth(['base', 'new', 'base'], '', (boot, abort) => {
    if (boot === 'new 1') abort();
  });
  assert.equal(boots, inTurn.slice(0, 3));
  assert.equal(status, { base: 'aborted', new: 'aborted' });
});

test.run();
