// SPDX-License-Identifier: MIT
/**
 * Real guests that are broken at random moments, in each way that failures are told apart by; is each recorded for what it is, and how
 * soon? node --import tsx bench/survival/classes.ts --each N [--class NAME,…] [--seed N] [--out DIR]
 *
 * All boots are of one run, so that one that failed must keep no other from being tried. Prints a line for each boot and for each
 * class, and one JSON line at the end, also when it is interrupted; exits 1 if a guest was not recorded as what it was. A boot takes 15 to 30 s under emulation.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runClasses } from './classes/campaign.ts';
import { failureClasses } from './classes/table.ts';
import { tally, tallyText, trialText } from './classes/tally.ts';

const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '1' },
    class: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const names = values.class?.split(',') ?? failureClasses.map(({ name }) => name);
const unknown = names.filter((name) => !failureClasses.some((each) => each.name === name));
const each = Number(values.each);
const seed = Number(values.seed);
if (unknown.length > 0 || !(each >= 1) || !Number.isFinite(seed)) {
  const known = failureClasses.map(({ name }) => name).join(', ');
  console.error(`--class takes some of ${known}; --each and --seed take numbers.`);
  process.exit(2);
}
const dir = values.out ?? path.join(mkdtempSync(path.join(tmpdir(), 'classes-')), 'run');
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort(signal));
const { trials, ended } = await runClasses({
  classes: failureClasses.filter(({ name }) => names.includes(name)),
  ...{ each, seed, dir, signal: controller.signal },
  onTrial: (trial, n, of) => console.log(`${n}/${of} ${trialText(trial)} (${(trial.tookMs / 1_000).toFixed(1)} s)`),
  progress: (line) => console.error(line),
});
const classes = tally(trials);
for (const line of classes) console.log(tallyText(line));
const right = trials.filter((trial) => trial.right === true).length;
const tried = trials.filter((trial) => trial.right !== undefined).length;
console.log(JSON.stringify({ seed, each, boots: ended, tried, right, classes, trials }));
process.exitCode = right === tried && ended === trials.length ? 0 : 1;
