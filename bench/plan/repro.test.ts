// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import type { Plan } from '../../results/plan.ts';
import { readRun } from '../../results/run-reader.ts';
import { suite } from '../testing/suite.ts';
import { smallOptions } from '../testing/test-run.ts';
import { makePlan, type PlanOptions } from './make-plan.ts';
import { longerCommand, repeatCommand, reproCommand, shellQuoted } from './repro.ts';

const test = suite('the command that repeats a run');

const repeat = (options: PlanOptions) => reproCommand(makePlan(options), options);

test('it spells out every choice', () => {
  assert.is(
    repeat(smallOptions),
    'npm run -s keystorm -- bench --mechanism keyagent-fd --scenario latency --accelerator auto --kernel 6.1 --machine fake --smp 1 --boots 2 --seed 7 --quick',
  );
});

test('rates and accelerator are named as they were', () => {
  const command = repeat({ ...smallOptions, scenarios: ['open-loop'], rates: [20, 300], accelerator: 'tcg' });
  assert.match(command, ' --rate 20 --rate 300 --accelerator tcg ');
});

test('a clock is named that is not the usual one', () => {
  assert.match(repeat({ ...smallOptions, clock: 'icount', accelerator: 'tcg' }), ' --accelerator tcg --clock icount ');
});

test('a tree is named in place of a kernel', () => {
  const command = repeat({ ...smallOptions, kernel: 'own-tree', kernelTree: '/home/me/my linux' });
  assert.match(command, " --kernel-tree '/home/me/my linux' --machine ");
  assert.not.match(command, '--kernel ');
});

test('modules of a commit are named by it', () => {
  const moduleCommit = '0123456789'.repeat(4);
  assert.match(repeat({ ...smallOptions, moduleCommit }), `--module ${moduleCommit}`);
});

test('a delay of agents is part of what is repeated', () => {
  assert.match(repeat({ ...smallOptions, agentDelayNs: 1_500 }), ' --agent-delay 1500 ');
});

test('so are instructions in vain, and an arrangement', () => {
  const command = repeat({ ...smallOptions, pathInstructions: 700, arrangement: 3 });
  assert.match(command, ' --arrangement 3 --path-instructions 700 ');
});

/** The plan that a line asks for, whose words need no quotes. */
function planOfLine(line: string): Plan {
  const words = line.split(' ');
  const all = (option: string) => words.flatMap((word, i) => (words[i - 1] === option ? word.split(',') : []));
  const one = (option: string) => all(option)[0] ?? '';
  return makePlan({
    mechanisms: all('--mechanism'),
    scenarios: all('--scenario'),
    rates: all('--rate').map(Number),
    accelerator: one('--accelerator') as Plan['accelerator'],
    kernel: one('--kernel'),
    machine: one('--machine'),
    smp: Number(one('--smp')),
    boots: Number(one('--boots')),
    seed: Number(one('--seed')),
    quick: words.includes('--quick'),
    repeat: Number(one('--repeat') || 1),
  });
}

const choices: Readonly<Record<string, Partial<PlanOptions>>> = {
  'all the defaults': { mechanisms: [], scenarios: [], quick: false },
  'the defaults of a quick run': { mechanisms: [], scenarios: [] },
  everything: { mechanisms: ['all'], scenarios: ['all'] },
  'only checks': { mechanisms: [], scenarios: ['checks'] },
  'another shape of the guest': { mechanisms: [], scenarios: ['latency,cpu-unplugged'], smp: 2 },
  'only the floor': { mechanisms: ['null-actor'] },
  'the floor, where it does not apply': { mechanisms: ['null-actor,stock'], scenarios: ['latency,agent-kill'] },
  rates: { mechanisms: [], scenarios: ['open-loop'], rates: [50, 70] },
  'more windows': { mechanisms: [], repeat: 3 },
};

for (const [name, choice] of Object.entries(choices)) {
  test(`${name}: the line leaves nothing to a default, and asks for the same plan`, () => {
    const plan = makePlan({ ...smallOptions, ...choice });
    const line = reproCommand(plan, { ...smallOptions, ...choice });
    assert.match(line, / --mechanism (?!all).* --scenario (?!all|checks)/);
    assert.equal(planOfLine(line), plan);
  });
}

test('a stored run whose line left mechanisms to the defaults is repeated with those it had', () => {
  const { manifest } = readRun(fileURLToPath(new URL('../../results/examples/quick-1', import.meta.url)));
  assert.not.match(manifest.repro, '--mechanism');
  const line = repeatCommand(manifest);
  const names = (all: Plan['cells']) => [
    ...new Set(all.map(({ mechanism, scenario }) => `${mechanism.name} ${scenario}`)),
  ];
  assert.equal(names(planOfLine(line).cells), names(manifest.plan.cells));
  assert.match(line, / --boots 1 --seed 1 --quick$/);
});

test('rates and --quick of a stored run are those of its line, not of a word in quotes', () => {
  const { manifest } = readRun(fileURLToPath(new URL('../../results/examples/quick-1', import.meta.url)));
  assert.match(repeatCommand({ ...manifest, repro: 'keystorm bench --rate 20 --rate 300' }), ' --rate 20 --rate 300 ');
  assert.not.match(repeatCommand({ ...manifest, repro: "keystorm bench --kernel-tree '/a --quick b'" }), '--quick');
});

test('the line for longer windows is the whole one, with no more of them than a cell and the option may have', () => {
  const { manifest } = readRun(fileURLToPath(new URL('../../results/examples/quick-1', import.meta.url)));
  const longer = (repro: string, options: Partial<PlanOptions> = {}, times = 3) =>
    longerCommand({ ...manifest, plan: makePlan({ ...smallOptions, ...options }), repro }, times);
  assert.match(longer('keystorm bench --quick') ?? '', /^npm run .* bench --mechanism .* --seed 7 --quick --repeat 3$/);
  assert.match(longer('keystorm bench --quick --repeat 40', { repeat: 40 }) ?? '', / --repeat \d+$/);
  assert.is(longer('keystorm bench --repeat 99', { scenarios: ['stages'], repeat: 20 }, 100), null);
  const most = longer('keystorm bench', { quick: false }, 1_000) ?? '';
  const repeat = Number(/ --repeat (\d+)$/.exec(most)?.[1]);
  makePlan({ ...smallOptions, quick: false, repeat });
  assert.throws(() => makePlan({ ...smallOptions, quick: false, repeat: repeat + 1 }), /a cell may have/);
  assert.is(longer('keystorm bench', { scenarios: ['hammer-overhead'], quick: false }), null);
});

test('the line for longer windows is of the command that made the run, and none where that has no such option', () => {
  const { manifest } = readRun(fileURLToPath(new URL('../../results/examples/quick-1', import.meta.url)));
  const longer = (repro: string) => longerCommand({ ...manifest, plan: makePlan(smallOptions), repro }, 2, 'keystorm');
  const npm = 'npm run -s keystorm --';
  assert.is(
    longer(`${npm} pair --base 'tree=/a --repeat 7' --repeat 2 --alpha 0.05`),
    "keystorm pair --base 'tree=/a --repeat 7' --alpha 0.05 --repeat 4",
  );
  assert.is(longer(`${npm} calibrate --seed 1`), 'keystorm calibrate --seed 1 --repeat 2');
  for (const none of [`${npm} bench --plan p.json`, `${npm} stress --for 1h`, 'npm run sanitize -- --rounds 3'])
    assert.is(longer(none), null, none);
});

test('a shell reads any words back as they were', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 0 }).map((text) => text.replaceAll('\0', ''));
  const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 50 }), { numRuns: 20, seed: 1 }).flat();
  const nasty = ["it's", '$(id)', '`id`', 'a b', '', '\\', '"', '*', '!x', '-n', '\n'];
  const all = [...words, ...nasty];
  const script = `for word in ${all.map(shellQuoted).join(' ')}; do printf '%s\\0' "$word"; done`;
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.is(status, 0);
  assert.equal(stdout.split('\0').slice(0, -1), all);
});

test.run();
