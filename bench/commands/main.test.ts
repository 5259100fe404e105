// SPDX-License-Identifier: MIT
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { planSchema } from '../../results/plan.ts';
import { KeystormError } from '../../vm/failure.ts';
import { estimateRunMs } from '../plan/estimate.ts';
import { benchDocumentSchema } from '../report/bench-json.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder, testRun } from '../testing/test-run.ts';
import { listSchema } from './actions/catalogue.ts';
import { explain } from './explain.ts';
import { howToType, main } from './main.ts';
import { commandTable } from './table.ts';
import { capture } from './testing/capture.ts';

const test = suite('the command line', { timeoutMs: 20_000 });
test.after(removeTestRuns);

async function run(...args: string[]) {
  const { output, out, err } = capture();
  const code = await main(args, output);
  return { code, out: out.join('\n'), err };
}

const usageErrors: Readonly<Record<string, [string[], RegExp]>> = {
  'an unknown option': [['bench', '--bots', '3'], /unknown option '--bots'.*Did you mean --boots/],
  'an unknown command': [['bensh'], /no command 'bensh'. Did you mean 'bench'/],
  'an unknown command with --help': [['bensh', '--help'], /no command 'bensh'. Did you mean 'bench'/],
  'help for an unknown command': [['help', 'bensh'], /no command 'bensh'. Did you mean 'bench'/],
  'an unknown mechanism': [
    ['bench', '--mechanism', 'keyagent-df'],
    /no mechanism 'keyagent-df'. Did you mean 'keyagent-fd'/,
  ],
  'an unknown scenario': [['plan', '--scenario', 'latancy'], /no scenario 'latancy'. Did you mean 'latency'/],
  'an unknown machine': [['bench', '--machine', 'qemuu'], /no machine 'qemuu'. Did you mean 'qemu'/],
  'a machine without its name': [['bench', '--machine', 'ssh:'], /no machine 'ssh:'.*ssh:HOST/],
  "a kernel for somebody's machine": [
    ['bench', '--machine', 'ssh:lab1', '--kernel', '6.1'],
    /runs a kernel of its own: leave out --kernel/,
  ],
  'what is no name of a machine': [['plan', '--machine', 'ssh:a b'], /"a b" is no machine to be reached by ssh/],
  "a fault for somebody's machine": [
    ['plan', '--machine', 'ssh:lab1', '--scenario', 'disk-full'],
    /Nothing of what was asked for applies .*machine as a whole/,
  ],
  'a shell without a terminal': [
    ['shell', '--machine', 'fake'],
    /no terminal here to type at: give a command behind --/,
  ],
  'a shell of an unknown mechanism': [['shell', '--mechanism', 'keyagent-df'], /Did you mean 'keyagent-fd'/],
  'an unknown kernel': [['bench', '--kernel', '6.2'], /no kernel '6.2'. Did you mean '6.1'/],
  'a kernel far from all': [
    ['plan', '--kernel', '5.10'],
    /no kernel '5.10'\. Known are: .*\. `bench --kernel-tree DIR` takes one that you have built\.$/,
  ],
  'an accelerator of others': [['plan', '--accelerator', 'hvf'], /no accelerator 'hvf'\. Known are: auto/],
  'a kernel and a tree': [
    ['plan', '--kernel', '6.1', '--kernel-tree', '/tmp'],
    /'--kernel-tree <dir>' cannot be used with/,
  ],
  'a tree that is not there': [
    ['plan', '--kernel-tree', '/nowhere/at/all'],
    /\/nowhere\/at\/all does not exist: name the/,
  ],
  'an accelerator for the fake machine': [
    ['bench', '--machine', 'fake', '--scenario', 'latency', '--accelerator', 'kvm'],
    /The fake machine has no accelerator: leave out --accelerator kvm/,
  ],
  'an unknown accelerator': [['bench', '--accelerator', 'kvn'], /no accelerator 'kvn'. Did you mean 'kvm'/],
  'an unknown clock': [['plan', '--clock', 'icuont'], /no clock 'icuont'. Did you mean 'icount'/],
  'a clock that the machine has not': [
    ['bench', '--machine', 'vagrant', '--scenario', 'latency', '--clock', 'icount'],
    /Machine vagrant has no guests with clock icount: take --machine qemu or fake\./,
  ],
  'instructions of a real processor': [
    ['plan', '--clock', 'icount', '--accelerator', 'kvm'],
    /Only an emulated processor counts instructions: give one of --clock icount and --accelerator kvm/,
  ],
  'instructions of two processors': [
    ['plan', '--clock', 'icount', '--smp', '2'],
    /counted of one processor: give one of --clock icount and --smp 2/,
  ],
  'a rate that is none': [['plan', '--rate', '100,fast'], /must be whole numbers from 1 to 100000/],
  'a rate of nothing': [['plan', '--rate', '0'], /must be whole numbers from 1 to 100000/],
  'a rate for closed loops': [
    ['plan', '--scenario', 'latency', '--rate', '100'],
    /latency has no open loop; add open-loop/,
  ],
  'an empty path': [['report', ''], /An empty path was given/],
  'a plan where there is no folder': [
    ['plan', '--out', '/nowhere/x.json'],
    /\/nowhere\/x.json cannot be written \(ENOENT.*\); give --out a file in a folder that is there/,
  ],
  'a plan in place of a folder': [['plan', '--out', '/tmp'], /\/tmp cannot be written \(it is a folder\); give --out/],
  'a run in /proc': [
    ['bench', '--machine', 'fake', '--quick', '--out', '/proc/foo'],
    /Nothing can be written into \/proc\/foo \(.*\); give --out a folder/,
  ],
  'a report below a file': [
    ['report', 'quick-1', '--out', '/etc/passwd/x'],
    /Nothing can be written into \/etc\/passwd\/x \(ENOTDIR.*\); give --out a folder .* or --no-files/,
  ],
  'a picture where there is no folder': [
    ['report', 'quick-1', '--no-files', '--svg', '/nowhere/a.svg'],
    /\/nowhere\/a.svg cannot be written \(.*\); give --svg a file/,
  ],
  'no files, and where to put them': [
    ['report', 'quick-1', '--no-files', '--out', '/tmp'],
    /--out says where to put files that --no-files leaves out/,
  ],
  'an unknown list': [['list', 'kernel'], /no list 'kernel'. Did you mean 'kernels'/],
  'a kernel for both sides of a pair': [
    ['pair', '--kernel', '6.12'],
    /^keystorm: pair has no --kernel, .* as in --base kernel=6\.12 or --new kernel=6\.12\.$/,
  ],
  'a tree for a bisection': [
    ['bisect', '--base', 'module=v1', '--kernel-tree', '/linux'],
    /^keystorm: bisect has no --kernel-tree, .* as in --base tree=\/linux or --new tree=\/linux\.$/,
  ],
  'a module for a night': [
    ['nightly', '--module', 'HEAD~1', '--baseline', 'kernel=6.1'],
    /^keystorm: nightly has no --module, .* as in --baseline module=HEAD~1 or --new module=HEAD~1\.$/,
  ],
  'a number that is none': [['bench', '--boots', 'many'], /must be a whole number from 1 to 999/],
  'a missing argument': [['judge'], /missing required argument 'run'/],
  'a run that does not exist': [['report', '/nowhere/at/all'], /no folder \/nowhere\/at\/all/],
};

for (const [name, [args, message]] of Object.entries(usageErrors)) {
  test(`${name} is one sentence on standard error, and exit code 2`, async () => {
    const { code, out, err } = await run(...args);
    assert.is(code, 2);
    assert.is(out, '');
    assert.is(err.length, 1);
    assert.match(err[0] ?? '', message);
    assert.not.match(err[0] ?? '', /\n| {4}at /);
  });
}

const commands = commandTable.map((each) => each.name);

for (const command of commands) {
  test(`${command} --help explains itself, with examples, and is a success`, async () => {
    const { code, out } = await run(command, '--help');
    assert.is(code, 0);
    assert.match(out, new RegExp(`Usage: keystorm ${command}[\\s\\S]*Examples:\\s+.*keystorm ${command}`));
    assert.match(out, /\bExit codes\b.*(: |as of)/, 'what its exit codes mean');
  });
}

test('help says how keystorm is typed where it is no command', async () => {
  assert.is(howToType('keystorm'), '');
  const { out } = await run('list', '--help');
  assert.match(out, /\nHere keystorm is typed: npm run -s keystorm --$/);
});

test('a time is shown as it would be typed', async () => {
  assert.match((await run('stress', '--help')).out, /--for <time> .*\(default: 10m\)/);
});

test('what the help of bench says of its defaults is so', async () => {
  const { out } = await run('bench', '--help');
  const text = out.replaceAll(/\s+/g, ' ');
  const measured = async (...args: string[]) => {
    const plan = planSchema.parse(JSON.parse((await run('plan', '--seed', '1', ...args)).out));
    return { names: [...new Set(plan.cells.map(({ mechanism }) => mechanism.name))], ms: estimateRunMs(plan) };
  };
  const [usual, quick] = [await measured(), await measured('--quick')];
  assert.match(text, `all: every one (default: ${usual.names.join(', ')})`);
  assert.match(text, 'one boot, about two minutes on an idle machine');
  assert.ok(Math.abs(quick.ms - 110_000) < 15_000, `${quick.ms} ms`);
  assert.match(text, 'about nine minutes');
  assert.ok(Math.abs(usual.ms - 540_000) < 60_000, `${usual.ms} ms`);
});

test('without a command the help goes to standard error, and it is a usage error', async () => {
  const { code, out, err } = await run();
  assert.equal([code, out], [2, '']);
  assert.match(err.join('\n'), /Commands:/);
});

test('an option that npm took for itself is refused, rather than the full run begun', async () => {
  process.env.npm_config_quick = 'true';
  try {
    // With the 7 of `npm run bench --quick --seed 7`, too.
    for (const rest of [['--machine', 'fake'], ['7']]) {
      const { code, err } = await run('bench', ...rest);
      assert.is(code, 2);
      assert.match(err[0] ?? '', /npm took --quick for itself: put -- before the options/);
    }
  } finally {
    delete process.env.npm_config_quick;
  }
});

test('plan prints a plan, or writes it to a file', async () => {
  const { code, out } = await run('plan', '--seed', '7', '--quick');
  assert.is(code, 0);
  const plan = planSchema.parse(JSON.parse(out));
  assert.is(plan.seed, 7);
  const file = path.join(testFolder(), 'plan.json');
  assert.is((await run('plan', '--seed', '7', '--quick', '--out', file)).code, 0);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')), plan);
});

test('plan says how many blocks of checks it has, and not that it has no cells', async () => {
  const { err } = await run('plan', '--scenario', 'checks', '--mechanism', 'stock');
  assert.match(err[0] ?? '', /^1 boot of \d+ blocks of checks, about/);
});

test('without a seed every plan gets another one', async () => {
  const seeds = [await run('plan'), await run('plan')].map(({ out }) => planSchema.parse(JSON.parse(out)).seed);
  assert.is.not(seeds[0], seeds[1]);
});

test('guests that count instructions have the same seed in every run, unless they are told another', async () => {
  const plans = [await run('plan', '--clock', 'icount'), await run('plan', '--clock', 'icount')];
  const [one, two] = plans.map(({ out }) => planSchema.parse(JSON.parse(out)));
  assert.equal(one, two);
  assert.equal([one?.clock, one?.accelerator], ['icount', 'tcg']);
  assert.is(new Set(one?.boots.map(({ seed }) => seed)).size, one?.boots.length, 'each boot has a layout of its own');
  const other = planSchema.parse(JSON.parse((await run('plan', '--clock', 'icount', '--seed', '2')).out));
  assert.is.not(other.boots[0]?.seed, one?.boots[0]?.seed);
});

test('--rate and --accelerator are in the plan', async () => {
  const { code, out } = await run(
    'plan',
    '--scenario',
    'open-loop',
    '--rate',
    '70,50',
    '--rate',
    '50',
    '--accelerator',
    'tcg',
  );
  assert.is(code, 0);
  const { accelerator, cells } = planSchema.parse(JSON.parse(out));
  assert.is(accelerator, 'tcg');
  const rates = new Set(cells.flatMap(({ windows }) => windows.map(({ rate }) => rate)));
  assert.equal([...rates].sort(), [50, 70]);
});

test('list --json is one document with what was asked for', async () => {
  const { out } = await run('list', 'mechanisms', 'scenarios', '--json');
  const document = listSchema.parse(JSON.parse(out));
  assert.equal(Object.keys(document), ['schema', 'mechanisms', 'scenarios']);
  assert.ok(document.mechanisms?.some(({ name }) => name === 'keyagent-fd'));
});

test('a shell on a machine that has none is refused before it is started', async () => {
  const { code, err } = await run('shell', '--machine', 'fake', '--', 'true');
  assert.is(code, 2);
  assert.match(err.at(-1) ?? '', /Nothing can be executed on this machine: take another --machine/);
});

test('list says in which runs a scenario is, which have a fault, and names the examples', async () => {
  const { code, out } = await run('list');
  assert.is(code, 0);
  assert.match(out, /^ {2}latency +every run +How long/m);
  assert.match(out, /^ {2}kill-answerer +row 1 +agent +whoever answers .* \(agent-kill\)$/m);
  assert.match(out, /^examples\n {2}format-1 +complete, qemu/m);
  const every = listSchema.parse(JSON.parse((await run('list', '--json')).out));
  assert.equal(every.scenarios?.find(({ name }) => name === 'agent-kill')?.faults, ['kill-answerer']);
});

test('an example can be named like a run', async () => {
  assert.is((await run('judge', 'format-1')).code, 0);
});

test('a stored run is judged and reported again, with the exit code it had', async () => {
  const { dir, judged } = await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' });
  for (const command of ['judge', 'report']) {
    const text = await run(command, dir);
    assert.is(text.code, judged.exitCode);
    assert.match(text.out, /fail right-answerer: violated, but expected held: boot 0/);
  }
  const json = await run('report', dir, '--json');
  assert.is(benchDocumentSchema.parse(JSON.parse(json.out)).verdict, 'fail');
  assert.is(JSON.parse((await run('judge', dir, '--json')).out).schema, 'keystorm/judge/1');
});

test('what nobody foresaw is one sentence, a file with the details, and exit code 3', () => {
  const { output, err } = capture();
  assert.is(explain(new Error('bo\u001b[31mom', { cause: new Error('deep down') }), output), 3);
  assert.is(err.length, 1);
  const [, file = ''] = /^keystorm: an unexpected error: boom \(details in (.*)\)\.$/.exec(err[0] ?? '') ?? [];
  const details = readFileSync(file, 'utf8');
  rmSync(path.dirname(file), { recursive: true });
  assert.match(details, /main\.test\.ts[\s\S]*caused by Error: deep down/);
});

test('a place that cannot be written is named with a remedy, without a file of details', () => {
  const { output, err } = capture();
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/cache/x' });
  assert.is(explain(full, output), 3);
  assert.match(
    err.join(),
    /^keystorm: \/cache\/x cannot be used \(ENOSPC\): free some space there, or choose .*KEYSTORM_CACHE/,
  );
  assert.not.match(err.join(), /details/);
});

test('a KeystormError keeps its exit code, and shows its stack only when asked', () => {
  const plain = capture();
  assert.is(explain(new KeystormError('Not so.', 4), plain.output), 4);
  assert.equal(plain.err, ['keystorm: Not so.']);
  const debug = capture();
  process.env.KEYSTORM_DEBUG = '1';
  try {
    explain(new KeystormError('Not so.', 4), debug.output);
  } finally {
    delete process.env.KEYSTORM_DEBUG;
  }
  assert.match(debug.err[0] ?? '', / {4}at /);
});

test('a run that was cut off is taken up; one that is whole, or with choices of its own, is not', async () => {
  const { dir } = await testRun({ onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT') });
  for (const command of ['judge', 'report'])
    for (const how of [[], ['--json']]) {
      const { out, err } = await run(command, dir, ...how);
      const said = how.length === 0 ? out : err.join('\n');
      assert.match(said, /^rest .* bench --resume .*1 boot to be done/m, `${command} ${how}`);
    }
  const chosen = await run('bench', '--resume', dir, '--seed', '3');
  assert.is(chosen.code, 2);
  assert.match(chosen.err.join(), /--resume.*cannot be used with.*--seed/);
  const { dir: lost } = await testRun({ onEvent: (event, abort) => event === 'guest 1 is up' && abort('SIGINT') });
  rmSync(path.join(lost, 'frames.ndjson'));
  const nothing = await run('bench', '--resume', lost);
  assert.is(nothing.code, 2);
  assert.match(nothing.err.join(), /frames\.ndjson is not there, so nothing of the run is left to go on with/);
  const resumed = await run('bench', '--resume', dir);
  assert.is(resumed.code, 0, resumed.err.join());
  assert.match(resumed.err.join(), /1 left of 2 boots/);
  assert.match(resumed.out, /status complete, verdict pass/);
  const again = await run('bench', '--resume', dir);
  assert.is(again.code, 2);
  assert.match(again.err.join(), /Every boot of .* came to its end: nothing is left to take up/);
});

test('a stress session is a run: a line a window, verdicts, and a line that repeats it as it was', async () => {
  const dir = path.join(testFolder(), 'stress');
  const stress = ['--machine', 'fake', '--for', '20s', '--seed', '4', '--out', dir];
  const { code, out, err } = await run('stress', ...stress);
  assert.is(code, 0, err.join());
  assert.match(err.join(), /window 4\/4, \d+ ok\/s, p99 [\d.]+ ms.*, harness heap \d+ MiB/);
  assert.match(out, /stress × keyagent-fd +pass/);
  assert.match(out, /^repeat .*stress --for 20s --mechanism keyagent-fd --faults kill-answerer,.* --seed 4 /m);
  for (const [words, said] of [
    [['--for', '20'], /a time such as 90s, 10m or 1h30m/],
    [['--faults', 'kill-answerr'], /kill-answerer/],
    [['--mechanism', 'null-actor'], /null-actor/],
  ] as const) {
    const refused = await run('stress', '--machine', 'fake', ...words);
    assert.is(refused.code, 2, refused.err.join());
    assert.match(refused.err.join(), said);
  }
});

test.run();
