// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import type { CellPlan, WindowPlan } from './plan.ts';
import { aCell, aContainer, aFaultCell, aManifest, aPlan } from './testing/plans.ts';
import { recordBodies, stamped } from './testing/runs.ts';
import { readableRunSchemas, upgradeManifest, upgradeRecord } from './upgrade.ts';

const test = suite('upgrading a stored run');

/** What the first format could say, in the words of the present one. */
const window1 = fc
  .record({
    ms: fc.integer({ min: 1, max: 5000 }),
    maxRequests: fc.integer({ min: 1, max: 1e6 }),
    samples: fc.boolean(),
    fault: fc.option(fc.record({ atMs: fc.nat(5000), untilMs: fc.nat(5000) }), { nil: undefined }),
  })
  .map(({ fault, ...window }): WindowPlan => {
    if (fault === undefined) return window;
    return { ...window, faults: [{ name: 'kill-answerer', container: 'victim', ...fault }] };
  });

const cell1 = fc
  .record({
    windows: fc.array(window1, { minLength: 1, maxLength: 4 }),
    payload: fc.integer({ min: 256, max: 1024 }),
    warmup: fc.nat(100),
    expectedErrors: fc.subarray(['ENOKEY', 'EKEYREJECTED']),
    bystanderFactor: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  })
  .map(
    ({ payload, bystanderFactor, ...rest }): CellPlan =>
      aCell({
        ...rest,
        payloadBytes: [payload],
        containers: [aContainer('victim', { role: 'victim' }), aContainer('bystander', { role: 'bystander' })],
        ...(bystanderFactor === undefined ? {} : { bystanderFactor }),
      }),
  );

const manifest1 = fc
  .array(cell1, { minLength: 1, maxLength: 3 })
  .map((cells): Manifest => aManifest(aPlan(cells, 1, { accelerator: 'tcg' })));

/** The manifest as the fifth format wrote it. */
function inFormat5(manifest: Manifest) {
  return { ...manifest, schema: 'keystorm/run/5', plan: { ...manifest.plan, schema: 'keystorm/plan/4' } };
}

/** The manifest as the fourth format wrote it. */
function inFormat4(manifest: Manifest) {
  return { ...inFormat5(manifest), schema: 'keystorm/run/4' };
}

/** The manifest as the third format wrote it; a window had one fault. */
function inFormat3({ plan, ...manifest }: Manifest) {
  const cells = plan.cells.map(({ windows, ...cell }) => ({
    ...cell,
    windows: windows.map(({ faults: [fault] = [], ...window }) =>
      fault === undefined ? window : { ...window, fault },
    ),
  }));
  return { ...manifest, schema: 'keystorm/run/3', plan: { ...plan, schema: 'keystorm/plan/3', cells } };
}

/** The manifest as the second format wrote it. */
function inFormat2(manifest: Manifest): Record<string, unknown> {
  const { plan, ...rest } = inFormat3(manifest);
  const { checks: _, ...same } = plan;
  return { ...rest, schema: 'keystorm/run/2', plan: { ...same, schema: 'keystorm/plan/2' } };
}

/** The manifest as the first format wrote it. */
function inFormat1({ plan, ...manifest }: Manifest): unknown {
  const { accelerator: _accelerator, checks: _checks, ...same } = plan;
  const cells = plan.cells.map(({ requests: _requests, payloadBytes, windows, ...cell }) => ({
    ...cell,
    payloadBytes: payloadBytes[0],
    windows: windows.map(({ faults: [fault] = [], ...window }) => {
      if (fault === undefined) return window;
      const { untilMs, ...rest } = fault;
      return { ...window, fault: { ...rest, restartMs: untilMs } };
    }),
  }));
  return { ...manifest, schema: 'keystorm/run/1', plan: { ...same, schema: 'keystorm/plan/1', cells } };
}

test('whatever the first format could say is said in the present one, no more and no less', () => {
  fc.assert(
    fc.property(manifest1, (manifest) => {
      const upgraded = upgradeManifest(inFormat1(manifest));
      assert.equal(upgraded, manifest);
      assert.ok(manifestSchema.safeParse(upgraded).success);
    }),
  );
});

test('the second format had no checks, and everything else it said it says still', () => {
  const manifest = aManifest(aPlan([aFaultCell(), aCell({ id: 'c1' })]));
  assert.equal(upgradeManifest(inFormat2(manifest)), manifest);
  const ahead = { ...inFormat2(manifest), plan: { ...manifest.plan, schema: 'keystorm/plan/2' } };
  assert.is(upgradeManifest(ahead), ahead, 'checks in a format that had none are not thrown away');
});

test('the third format had one fault a window at most, which is one of several now', () => {
  const manifest = aManifest(aPlan([aFaultCell(), aCell({ id: 'c1' })]));
  assert.equal(upgradeManifest(inFormat3(manifest)), manifest);
  const ahead = { ...manifest, schema: 'keystorm/run/3', plan: { ...manifest.plan, schema: 'keystorm/plan/3' } };
  assert.is(upgradeManifest(ahead), ahead, 'several faults in a format that had one are not taken');
});

test('the fourth format had no shards, and said everything else as the fifth does', () => {
  const manifest = aManifest(aPlan([aFaultCell(), aCell({ id: 'c1' })]));
  assert.equal(upgradeManifest(inFormat4(manifest)), manifest);
  const ahead = { ...inFormat4(manifest), shard: { index: 1, count: 2 } };
  assert.is(upgradeManifest(ahead), ahead, 'a shard in a format that had none is not taken for one');
});

test('the fifth format had modules of the working tree and runs that knew of no other', () => {
  const manifest = aManifest(aPlan([aFaultCell(), aCell({ id: 'c1' })]));
  assert.equal(upgradeManifest(inFormat5(manifest)), manifest);
  const old = inFormat5(manifest);
  for (const ahead of [
    { ...old, plan: { ...old.plan, moduleCommit: '0'.repeat(40) } },
    { ...old, pair: { side: 'base' } },
  ])
    assert.is(upgradeManifest(ahead), ahead, 'what the format had not is not taken for what it is now');
});

test('counters that were renamed are read by their new names, and only where they were the old ones', () => {
  const bodies = recordBodies(aPlan([aCell()], 1), {
    frame: (frame) =>
      frame.t === 'counters' ? { ...frame, delta: { session_signal: 1, session_fd_write: 2, dead: 3 } } : frame,
  });
  const counters = (v: 1 | 2 | 3) =>
    stamped(bodies).flatMap((record) => {
      const upgraded = upgradeRecord({ ...record, v });
      assert.is(upgraded.v, v);
      return upgraded.kind === 'frame' && upgraded.frame.t === 'counters' ? [upgraded.frame.delta] : [];
    });
  for (const v of [1, 2] as const) assert.equal(counters(v), [{ notified_signal: 1, notified_fd_write: 2, dead: 3 }]);
  assert.equal(counters(3), [{ session_signal: 1, session_fd_write: 2, dead: 3 }]);
});

test('a manifest of the present format is left as it is', () => {
  const manifest = aManifest(aPlan([aFaultCell()]));
  assert.is(upgradeManifest(manifest), manifest);
});

test('what is of no known format is left for the reader to refuse', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => upgradeManifest(value) === value));
  const half = { schema: 'keystorm/run/1', plan: { schema: 'keystorm/plan/3', cells: [] } };
  assert.is(upgradeManifest(half), half);
});

test('a field that the first format did not know is not waved through', () => {
  const old = inFormat1(aManifest(aPlan([aCell()], 1, { accelerator: 'tcg' }))) as Record<string, unknown>;
  const upgraded = upgradeManifest({ ...old, novelty: 1 });
  assert.match(manifestSchema.safeParse(upgraded).error?.message ?? '', /novelty/);
});

test('the present format is the last of those that can be read', () => {
  assert.is(readableRunSchemas.at(-1), aManifest(aPlan([aCell()])).schema);
});

test.run();
