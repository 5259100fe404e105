// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { isPresent } from '../../../vm/host/packages.ts';
import { suite } from '../../testing/suite.ts';
import { makeProgram } from '../main.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { type CompletionModel, completionModel, type Values } from './model.ts';
import { zshCompletion } from './zsh.ts';

const test = suite('shell completion', { timeoutMs: 30_000 });

const folder = mkdtempSync(path.join(tmpdir(), 'keystorm-completion-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const output = { result: () => {}, progress: { line: () => {}, status: () => {} }, colour: false };
const program = await makeProgram({ output, finish: () => {} });

/** Runs to complete, one of them with a name that a careless script would execute. */
const runs = path.join(folder, 'runs');
const nasty = '2026-$(touch executed)-9';
for (const name of ['2026-01-01T00-00-00Z-7', '2026-02-01T00-00-00Z-8', nasty]) {
  mkdirSync(path.join(runs, name), { recursive: true });
  writeFileSync(path.join(runs, name, 'manifest.json'), '{}');
}
mkdirSync(path.join(runs, 'no-run'));

const model = withRunsIn(completionModel(program), runs);

function withRunsIn(original: CompletionModel, dir: string): CompletionModel {
  const moved = (values: Values | null) => (values?.kind === 'run' ? { ...values, dir } : values);
  const commands = original.commands.map((each) => ({ ...each, argument: moved(each.argument) }));
  return { ...original, commands };
}

/** Scripts, and a keystorm that shows the words it was given. */
const scripts: Record<string, string> = {};
for (const [shell, script] of Object.entries({ bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion })) {
  scripts[shell] = path.join(folder, `completion.${shell}`);
  writeFileSync(scripts[shell], script(model));
}
writeFileSync(path.join(folder, 'keystorm'), `#!/bin/sh\nprintf 'given:'\nprintf '<%s>' "$@"\necho\n`);
chmodSync(path.join(folder, 'keystorm'), 0o755);

/** What bash offers for the last of the words, without a terminal. */
function bashOffers(...words: string[]): string[] {
  const script = `source "$0"; COMP_WORDS=(keystorm "$@"); COMP_CWORD=$#; _keystorm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const result = spawnSync('bash', ['-c', script, scripts.bash ?? '', ...words], { cwd: folder, encoding: 'utf8' });
  assert.is(result.stderr, '');
  return result.stdout.split('\n').filter((line) => line !== '');
}

/** What a shell at a terminal makes of typed keys: the line in which keystorm shows its words. */
function typed(shell: readonly string[], setup: string, keys: string): string {
  const command = shell.map((word) => `'${word}'`).join(' ');
  const { stdout } = spawnSync('script', ['--quiet', '--command', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}`, TERM: 'dumb', HOME: folder, ZDOTDIR: folder },
    input: `${setup}\n${keys}\nexit\n`,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return /^given:.*$/m.exec(stdout.replaceAll('\r', '\n'))?.[0] ?? `no such line in: ${stdout}`;
}

/** What all shells must offer for a line that ends at the cursor: at least these, and none of those. */
const offers: Readonly<Record<string, [string[], string[], string[]]>> = {
  'the beginning of a command': [['be'], ['bench'], ['plan']],
  'nothing yet': [[''], ['bench', 'doctor', 'help'], []],
  'an option': [['bench', '--mec'], ['--mechanism'], ['--json']],
  'a mechanism': [['bench', '--mechanism', 'key'], ['keyagent-fd', 'keyagent-signal'], ['stock']],
  'the second of a list': [['bench', '--mechanism', 'stock,key'], ['stock,keyagent-fd'], ['stock,stock']],
  'a scenario': [['plan', '--scenario', 'age'], ['agent-kill'], ['latency']],
  'a kernel': [['bench', '--kernel', ''], ['6.1'], []],
  'an accelerator': [['bench', '--quick', '--accelerator', 'k'], ['kvm'], ['tcg']],
  'a run': [['report', '2026-0'], ['2026-01-01T00-00-00Z-7', '2026-02-01T00-00-00Z-8'], ['no-run']],
  'the latest run, behind an option': [['judge', '--json', 'la'], ['latest'], []],
  'an example': [['report', 'form'], ['format-1'], []],
  'a list': [['list', 'runs', 'ker'], ['kernels'], ['runs']],
  'a shell': [['completion', 'z'], ['zsh'], ['bash']],
  'a format': [
    ['export', 'latest', '--format', 'git'],
    ['github-benchmark-smaller', 'github-benchmark-bigger'],
    ['junit'],
  ],
  'what there is help for': [['help', 'doc'], ['doctor'], []],
};

for (const [name, [words, expected, not]] of Object.entries(offers)) {
  test(`bash offers ${name}`, () => {
    const offered = bashOffers(...words);
    for (const each of expected) assert.ok(offered.includes(each), `${each} in ${offered}`);
    for (const each of not) assert.not.ok(offered.includes(each), `${each} in ${offered}`);
  });
}

test('bash knows the value of an option after an equals sign', () => {
  // As bash takes the word apart.
  assert.equal(bashOffers('bench', '--machine', '=', 'q'), ['qemu']);
  assert.equal(bashOffers('bench', '--machine', '='), ['qemu', 'vagrant', 'fake']);
});

test('bash offers folders where one is asked for, and quotes what is no plain word', () => {
  assert.equal(bashOffers('bench', '--out', 'ru'), ['runs']);
  const offered = bashOffers('report', '2026-$');
  assert.equal(offered, ['2026-\\$\\(touch\\ executed\\)-9']);
});

test('every option of every command is offered, but for those that are there to be refused', () => {
  for (const command of program.commands) {
    const offered = bashOffers(command.name(), '--');
    for (const { long, hidden } of command.options)
      assert.is(offered.includes(long ?? ''), !hidden, `${command.name()} ${long}`);
  }
});

const setupOf: Readonly<Record<string, [string[], string]>> = {
  bash: [['bash', '--norc', '--noprofile', '-i'], `source '${scripts.bash}'`],
  zsh: [['zsh', '-f', '-i'], `autoload -U compinit; compinit -u -D; source '${scripts.zsh}'`],
  fish: [['fish', '--no-config', '-i'], `source '${scripts.fish}'`],
};

for (const [shell, [command, setup]] of Object.entries(setupOf)) {
  const name = `a TAB in ${shell} completes command, option, value and run`;
  const absent = [shell, 'script'].find((each) => !isPresent(each));
  if (absent !== undefined) {
    test.skip(name, `${absent} is not installed here`);
    continue;
  }
  test(name, () => {
    const bench = typed(command, setup, 'keystorm ben\t--mec\tstock,keyagent-f\t');
    // zsh joins an option and its value.
    assert.is(bench.replace('=', '><'), 'given:<bench><--mechanism><stock,keyagent-fd>');
    assert.is(typed(command, setup, 'keystorm report 2026-01\t'), 'given:<report><2026-01-01T00-00-00Z-7>');
  });
}

if (isPresent('fish')) {
  test('fish offers what bash offers', () => {
    for (const [name, [words, expected, not]] of Object.entries(offers)) {
      const line = ['keystorm', ...words].join(' ');
      const script = `source '${scripts.fish}'; complete --do-complete ${JSON.stringify(line)}`;
      const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, encoding: 'utf8' });
      const offered = stdout.split('\n').map((each) => each.split('\t')[0] ?? '');
      for (const each of expected) assert.ok(offered.includes(each), `${name}: ${each} in ${offered}`);
      for (const each of not) assert.not.ok(offered.includes(each), `${name}: ${each} in ${offered}`);
    }
  });
}

test('nothing that a run is called was executed', () => {
  assert.not.ok(existsSync(path.join(folder, 'executed')));
});

test.run();
