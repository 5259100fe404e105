// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import type { FrameOf } from '../../results/frames.ts';
import { wallClock } from '../../vm/clock.ts';
import { Histogram } from '../measure/histogram.ts';
import { makePlan } from '../plan/make-plan.ts';
import { suite } from '../testing/suite.ts';
import { smallOptions } from '../testing/test-run.ts';
import { StressDisplay } from './display.ts';

const test = suite('what a stress session tells');

test('of the heap the least is told that was seen since the line before', () => {
  const plan = makePlan(smallOptions);
  const [cell] = plan.cells;
  const lines: string[] = [];
  const mib = 1024 * 1024;
  const heap = [40, 17, 90, 30].map((each) => each * mib);
  const display = new StressDisplay(
    wallClock,
    { line: (text) => lines.push(text), status: () => {} },
    () => heap.shift() ?? 0,
  );
  display.runStarts(plan, plan.boots, '/run');
  lines.splice(0);
  const frame = {
    t: 'window',
    cell: cell?.id,
    index: 0,
    mono_start: 0,
    mono_end: 1e9,
    ok: 5,
    hist: new Histogram().toJSON(),
    errors: {},
    open: 0,
  };
  for (let i = 0; i < 4; i++) {
    // Each line has one window of each container; between them there is a fault.
    display.frame(0, { t: 'fault', name: 'slow-answerer', container: 'c', hits: 1 } as FrameOf<'fault'>);
    display.frame(0, frame as unknown as FrameOf<'window'>);
  }
  assert.equal(lines.map((line) => /harness heap (\d+) MiB/.exec(line)?.[1]).slice(0, 2), ['17', '30']);
});

test.run();
