// SPDX-License-Identifier: MIT
/** A run in shards on the command line, on the fake machine. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { runFiles } from '../../results/manifest.ts';
import { readRun } from '../../results/run-reader.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { main } from './main.ts';
import { capture } from './testing/capture.ts';

const test = suite('a run in shards', { timeoutMs: 120_000 });
test.after(removeTestRuns);

async function run(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const folder = testFolder();
const at = (name: string) => path.join(folder, name);
const planned = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--boots', '3'];

async function plan(file: string, seed: number) {
  const { code, err } = await run('plan', ...planned, '--seed', String(seed), '--out', file);
  assert.is(code, 0, err);
  return err;
}

const shard = (file: string, which: string, dir: string) =>
  run('bench', '--plan', file, '--shard', which, '--out', dir);

test('plan, bench, merge: the figures and verdicts are those of one run, byte for byte, in whatever order', async () => {
  assert.match(await plan(at('plan.json'), 7), /plan [0-9a-f]{12}, for bench --plan; in up to 3 shards/);
  const whole = await run('bench', '--plan', at('plan.json'), '--out', at('whole'));
  assert.is(whole.code, 0, whole.err);
  for (const i of [3, 1, 2]) {
    const { code, err, out } = await shard(at('plan.json'), `${i}/3`, at(`s${i}`));
    assert.is(code, 0, err);
    assert.match(err, new RegExp(`shard ${i}/3 of plan [0-9a-f]{12}\\n1 boot of`));
    assert.match(out, new RegExp(`Shard ${i}/3 of its plan`));
    assert.match(out, new RegExp(`repeat .* bench --plan ${at('plan.json')} --shard ${i}/3$`, 'm'));
  }
  const merged = await run('merge', at('s2'), at('s3'), at('s1'), '--out', at('merged'));
  assert.is(merged.code, 0, merged.err);
  assert.match(merged.out, /Put together of 3 of 3 shards, on /);
  assert.match(merged.out, /status complete, verdict pass/);
  assert.match(merged.out, new RegExp(`repeat .* bench --plan ${at('plan.json')}$`, 'm'));
  for (const [command, part] of [
    ['report', 'metrics'],
    ['report', 'verdicts'],
    ['judge', 'verdicts'],
  ] as const) {
    const [one, other] = await Promise.all(
      ['whole', 'merged'].map(async (name) => JSON.parse((await run(command, at(name), '--json')).out)[part]),
    );
    assert.ok(one.length > 0);
    assert.is(JSON.stringify(other), JSON.stringify(one), `${part} of ${command}`);
  }
  assert.ok(existsSync(at('merged/boot-2/console.log')), 'consoles go with the run');
  assert.match((await run('list', 'runs', '--json')).out, /"schema":"keystorm\/list\/1"/);
});

const usage: Readonly<Record<string, [string[], RegExp]>> = {
  'a shard of no plan': [
    ['bench', '--shard', '1/2'],
    /--shard is a part of a plan that all shards share: write one with/,
  ],
  'shard 0': [['bench', '--plan', 'x', '--shard', '0/2'], /must be i\/n with i from 1 to n/],
  'shard 3 of 2': [['bench', '--plan', 'x', '--shard', '3/2'], /must be i\/n with i from 1 to n/],
  'a shard that is none': [['bench', '--plan', 'x', '--shard', 'one'], /must be i\/n with i from 1 to n/],
  'more shards than blocks': [
    ['bench', '--plan', at('plan.json'), '--shard', '1/4'],
    /cannot be divided into 4 shards: it has 3 blocks of boots, which are not split/,
  ],
  'a plan and choices': [['bench', '--plan', 'x', '--seed', '3'], /--plan.*cannot be used with.*--seed/],
  'a plan that is not there': [
    ['bench', '--plan', at('none.json')],
    /Cannot read the plan .* \(there is no such file\)/,
  ],
  'a run that is taken up as a shard': [['bench', '--resume', 'x', '--shard', '1/2'], /cannot be used with/],
  'a folder that holds a run': [
    ['bench', '--plan', at('plan.json'), '--shard', '1/3', '--out', at('s2')],
    /s2 already holds a run \(manifest.json\); give --out another folder/,
  ],
  'nothing to merge': [['merge'], /missing required argument 'run'/],
  'a merge where a run is': [
    ['merge', at('s1'), at('s2'), at('s3'), '--out', at('whole')],
    /whole already holds a run/,
  ],
  'a shard twice': [
    ['merge', at('s1'), at('s2'), at('s3'), `${at('s1')}/`],
    /There more than once: shard 1\/3 \(.*s1, .*s1\); give each once/,
  ],
  'a run that is no shard': [['merge', at('whole')], /whole is a run of its whole plan/],
  'what was merged, once more': [['merge', at('merged')], /merged was put together of shards itself/],
  'a folder that is not there': [['merge', at('s1'), at('s9')], /There is no folder .*s9/],
  'a merged run that is to be taken up': [
    ['bench', '--resume', at('merged')],
    /merged was put together of shards: take up/,
  ],
  'preparing for a plan and for a kernel': [['prepare', '--plan', 'x', '--kernel', '6.12'], /cannot be used with/],
};

for (const [name, [args, message]] of Object.entries(usage)) {
  test(`${name}: one sentence, exit code 2, and nothing is overwritten`, async () => {
    const before = readdirSync(folder);
    const { code, out, err } = await run(...args);
    assert.equal([code, out], [2, '']);
    assert.match(err, message);
    assert.is(err.split('\n').length, 1);
    assert.equal(readdirSync(folder), before);
  });
}

test('a shard of another plan is refused', async () => {
  await plan(at('other.json'), 8);
  assert.is((await shard(at('other.json'), '2/3', at('other'))).code, 0);
  const { code, err } = await run('merge', at('s1'), at('other'), at('s3'), '--out', at('never'));
  assert.is(code, 2);
  assert.match(err, /other is a shard of plan [0-9a-f]{12}, .*s1 of plan [0-9a-f]{12}: give the shards of one plan/);
  assert.not(existsSync(at('never')));
});

test('a missing shard is exit code 4 and nothing is written; asked for, what there is is merged, and says so', async () => {
  const refused = await run('merge', at('s3'), at('s1'), '--out', at('two'));
  assert.is(refused.code, 4);
  assert.match(refused.err, /would not be complete: shard 2\/3 is missing \(boot 1\)\. Do what is missing/);
  assert.not(existsSync(at('two')));
  const asked = await run('merge', at('s3'), at('s1'), '--incomplete', '--out', at('two'));
  assert.is(asked.code, 4);
  assert.match(asked.out, /Shard 2\/3 is missing, and with it boots 1/);
  assert.match(asked.out, /status incomplete, verdict unknown/);
});

test('a corrupt shard is refused by its manifest, or counted as incomplete by its records', async () => {
  cpSync(at('s2'), at('bad'), { recursive: true });
  const frames = readFileSync(path.join(at('bad'), runFiles.frames));
  frames.writeUInt8(frames.readUInt8(frames.length >> 1) ^ 1, frames.length >> 1);
  writeFileSync(path.join(at('bad'), runFiles.frames), frames);
  const torn = await run('merge', at('s1'), at('bad'), at('s3'));
  assert.is(torn.code, 4);
  assert.match(torn.err, /shard 2\/3 in .*bad is incomplete \(Line \d+ of frames.ndjson does not match its checksum/);
  const manifest = readFileSync(path.join(at('bad'), runFiles.manifest), 'utf8');
  writeFileSync(path.join(at('bad'), runFiles.manifest), manifest.replace('"seed": 7', '"seed": 9'));
  const damaged = await run('merge', at('s1'), at('bad'), at('s3'));
  assert.is(damaged.code, 2);
  assert.match(damaged.err, /bad\/manifest.json does not match its checksum: it is damaged or was edited/);
});

test('a shard that was cut off is taken up like any run, and merges then', async () => {
  cpSync(at('s2'), at('cut'), { recursive: true });
  rmSync(path.join(at('cut'), runFiles.end));
  const frames = readFileSync(path.join(at('cut'), runFiles.frames));
  writeFileSync(path.join(at('cut'), runFiles.frames), frames.subarray(0, frames.length >> 1));
  assert.is((await run('merge', at('s1'), at('cut'), at('s3'), '--out', at('resumed'))).code, 4);
  const resumed = await run('bench', '--resume', at('cut'));
  assert.is(resumed.code, 0, resumed.err);
  assert.is((await run('merge', at('s1'), at('cut'), at('s3'), '--out', at('resumed'))).code, 0);
  const metrics = async (name: string) => JSON.parse((await run('report', at(name), '--json')).out).metrics;
  assert.is(JSON.stringify(await metrics('resumed')), JSON.stringify(await metrics('whole')));
  assert.equal(
    readRun(at('resumed')).manifest.merged?.shards.map(({ resumptions }) => resumptions),
    [0, 1, 0],
  );
});

test('prepare says what is ready, as a line or a document', async () => {
  const { code, out } = await run('prepare', '--plan', at('plan.json'));
  assert.is(code, 0);
  assert.match(out, /^Guests of kernel 6\.1 can run on machine fake; what they need is in \//);
  const document = JSON.parse((await run('prepare', '--machine', 'fake', '--json')).out);
  assert.equal([document.schema, document.machine, document.kernel], ['keystorm/prepare/1', 'fake', '6.1']);
});

test.run();
