// SPDX-License-Identifier: MIT
/**
 * Harnesses that are killed (SIGKILL) at random moments, each run then taken up, perhaps to be killed again, until it has come to its
 * end: node --import tsx bench/survival/campaign.ts --kills N [--machine qemu] [--seed N] [--out DIR]
 *
 * Prints a line for each kill and one JSON line at the end; exits 1 if anything was lost, left behind or not completed. Whose a
 * namespace or a temporary folder is cannot be told, so on a host that does other things it wants a view of its own:
 * TMPDIR=… KEYSTORM_CACHE=… unshare -m -p -f --mount-proc node --import tsx bench/survival/campaign.ts …
 */

import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runFiles } from '../../results/manifest.ts';
import { readRun } from '../../results/run-reader.ts';
import { Cache } from '../../vm/cache.ts';
import { randomOf } from '../plan/random.ts';
import { killAt, type Moment, recordedMore, startHarness } from './kill.ts';

/** So often one run is killed at most before it is let come to its end. */
const killsOfARun = 5;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    machine: { type: 'string', default: 'fake' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const random = randomOf(Number(values.seed));
const root = values.out ?? mkdtempSync(path.join(tmpdir(), 'survival-'));
mkdirSync(root, { recursive: true });
const cache = Cache.standard().root;
const log = path.join(root, 'harness.log');

const asked = [
  '--machine',
  values.machine,
  '--mechanism',
  'keyagent-fd',
  '--scenario',
  'latency',
  '--quick',
  '--boots',
  // A boot of the fake machine takes 50 ms, one of QEMU 20 s.
  values.machine === 'fake' ? '20' : '2',
];
const begin = (run: string) => ['bench', ...asked, '--seed', '7', '--no-install', '--out', run];
const takeUp = (run: string) => ['bench', '--resume', run, '--no-install'];
/** A run is one when its manifest is there; before that there is nothing to be taken up. */
const next = (run: string) => (existsSync(path.join(run, runFiles.manifest)) ? takeUp(run) : begin(run));

async function completed(run: string): Promise<string | null> {
  const [code] = await once(startHarness(next(run), log), 'exit');
  const { status, problems } = readRun(run);
  return status === 'complete' ? null : `after all it is ${status} (exit code ${code}): ${problems.join(' ')}`;
}

/** How long one takes that is let alone, in ms: all of it, and what comes after its first record. */
async function timed(): Promise<Record<Moment['after'], number>> {
  const started = performance.now();
  const dir = path.join(root, 'undisturbed');
  let over = false;
  const whole = completed(dir).finally(() => {
    over = true;
  });
  await recordedMore(dir, 0, () => over);
  const first = performance.now();
  const complaint = await whole;
  if (complaint !== null) throw new Error(`an undisturbed run failed: ${complaint}; see ${log}`);
  return { start: performance.now() - started, record: performance.now() - first };
}

const lasts = await timed();
const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
console.log(`an undisturbed run takes ${seconds(lasts.start)}, and records for ${seconds(lasts.record)}`);
/** Half of them while it starts and ends, half while it records. */
const momentOf = (kill: number): Moment => {
  const after = kill % 2 === 0 ? 'start' : 'record';
  return { after, ms: random.unit() * lasts[after] };
};
const wanted = Number(values.kills);
let [kills, runs, records, slowest] = [0, 0, 0, 0];
const complaints: string[] = [];
while (kills < wanted) {
  const run = path.join(root, `run-${runs++}`);
  for (let of = 0; of < killsOfARun && kills < wanted; of++) {
    const moment = momentOf(kills);
    const killed = await killAt(next(run), moment, { run, cache }, log);
    if (killed.survived) break;
    kills++;
    records += killed.records;
    slowest = Math.max(slowest, killed.goneAfter);
    const told = killed.complaints.map((complaint) => `${run}: ${complaint}`);
    complaints.push(...told);
    const when = `${seconds(moment.ms)} after its ${moment.after}`;
    console.log(
      `${kills}/${wanted} ${when}: ${killed.records} records, gone after ${Math.round(killed.goneAfter)} ms`,
      ...told,
    );
  }
  const complaint = existsSync(path.join(run, runFiles.end)) ? null : await completed(run);
  if (complaint !== null) {
    complaints.push(`${run}: ${complaint}`);
    console.log(`${run}: ${complaint}`);
  }
}
console.log(
  JSON.stringify({
    machine: values.machine,
    seed: values.seed,
    kills,
    runs,
    records,
    slowestMs: Math.round(slowest),
    complaints,
  }),
);
process.exitCode = complaints.length > 0 ? 1 : 0;
