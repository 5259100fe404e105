// SPDX-License-Identifier: MIT
import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { encodeFrameLine, type Frame } from '../../results/frames.ts';
import type { CheckBlock } from '../../results/plan.ts';
import type { RunWriter } from '../../results/run-writer.ts';
import { framesOfBoot } from '../../results/testing/frames.ts';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { suite } from '../testing/suite.ts';
import { standardBounds } from './bounds.ts';
import { Conversation } from './conversation.ts';
import type { RunListener } from './listener.ts';
import type { VitalSigns } from './vital-signs.ts';

const test = suite('the conversation with a guest');

const { checkMs } = standardBounds;

const { mechanism } = aCell();
const block: CheckBlock = {
  id: 'k0',
  mechanism,
  fallback: 'refuse',
  scenario: 'fallbacks',
  timeoutMs: 1_000,
  checks: ['fallbacks'],
  expect: { 'fallback-stock': 'held' },
};

/** What is allowed beyond the bound after each frame of a boot, by the frame's type. */
async function allowances(checks: CheckBlock[]): Promise<Map<string, number>> {
  const base = aPlan([aCell({ timeoutMs: 7 })], 1, { checks });
  const steps = checks.map(({ id }) => ({ kind: 'checks' as const, checks: id }));
  const plan = { ...base, boots: base.boots.map((boot) => ({ ...boot, steps: [...boot.steps, ...steps] })) };
  const [boot] = plan.boots;
  assert.ok(boot);
  const allowed = new Map<string, number>();
  const types = framesOfBoot(plan, boot).filter(({ t }) => t !== 'beat');
  let at = 0;
  const signs = {
    bounds: standardBounds,
    heartbeat: () => {},
    stop: () => {},
    progress: (_doing: string, ms: number) => allowed.set(types[at++]?.t ?? 'none', ms),
  } as unknown as VitalSigns;
  const writer = { append: () => {}, sync: () => {} } as unknown as RunWriter;
  const listener = { frame: () => {} } as unknown as RunListener;
  const channel = new PassThrough();
  // What is written to the guest does not come back as its answer.
  channel.write = () => true;
  const held = new Conversation({ plan, boot: 0, channel, writer, listener, signs }).hold('');
  const lines = framesOfBoot(plan, boot).map((frame, n) => `${encodeFrameLine({ ...frame, n } as Frame)}\n`);
  channel.push(lines.join(''));
  await held;
  return allowed;
}

test('where a check may be under way without a word, what it may take is allowed for', async () => {
  const [without, beside] = [await allowances([]), await allowances([block])];
  for (const type of ['hello', 'floor', 'kmsg']) {
    const more = (beside.get(type) ?? 0) - (without.get(type) ?? 0);
    assert.is(more, checkMs, type);
  }
  assert.is(beside.get('window'), 7, 'a cell is bounded as ever');
  assert.ok((beside.get('check') ?? 0) >= checkMs);
});

test.run();
