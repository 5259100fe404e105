// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { aCell, aPlan } from '../../results/testing/plans.ts';
import { aRun } from '../../results/testing/runs.ts';
import { suite } from '../testing/suite.ts';
import { metricsOf } from './metrics.ts';
import { changing, measured, one, reasons, values } from './testing/measured.ts';

const test = suite('meters');

const window = { ms: 998, maxRequests: 100, samples: false };
const cell = aCell({ windows: [window, window] });

test('what crossed the border is summed over the windows of a cell', () => {
  const busy = changing('meter', ({ index }) => ({
    rx_packets: 1 + index,
    tx_packets: 10,
    rx_bytes: 60,
    tx_bytes: 100,
    console_bytes: 7,
    kernel_log_bytes: 3,
  }));
  const metrics = measured(cell, busy, 1);
  assert.equal(values(one(metrics, 'window.packets')), [23]);
  assert.equal(values(one(metrics, 'window.bytes')), [320]);
  assert.equal(values(one(metrics, 'window.console_bytes')), [14]);
  assert.equal(values(one(metrics, 'window.kernel_log_bytes')), [6]);
  assert.is(one(metrics, 'window.bytes').unit, 'byte');
  assert.equal(values(one(measured(cell, {}, 1), 'window.packets')), [0]);
});

test('what the host took is a share of the processors’ time, and not known where nobody tells the guest', () => {
  const stolen = changing('meter', () => ({ steal_ns: 100_000_000 }));
  // A window and a millisecond on either side make one second.
  assert.equal(values(one(measured(cell, stolen, 1), 'host.steal_share')), [0.1]);
  const run = aRun(aPlan([cell], 1), stolen);
  const emulated = run.records.map((record) =>
    record.kind === 'boot-start'
      ? { ...record, description: { ...record.description, accelerator: 'tcg' as const } }
      : record,
  );
  assert.equal(reasons(one(metricsOf({ ...run, records: emulated }), 'host.steal_share')), ['not-told-under-tcg']);
});

test('a window without a meter leaves the cell without figures', () => {
  const partly = changing('meter', ({ index }) => (index === 1 ? null : {}));
  assert.equal(reasons(one(measured(cell, partly, 1), 'window.packets')), ['missing-frame']);
  const panicked = measured(cell, { panicBefore: (f, boot) => boot === 1 && f.t === 'meter' && f.index === 1 });
  assert.equal(reasons(one(panicked, 'window.packets')), [undefined, 'guest-panic']);
  const old = measured(cell, {
    frame: (frame) => (frame.t === 'meter' ? null : frame.t === 'hello' ? { ...frame, protocol: 1 } : frame),
  });
  assert.equal(reasons(one(old, 'window.packets')), ['not-metered', 'not-metered']);
});

test.run();
