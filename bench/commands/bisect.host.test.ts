// SPDX-License-Identifier: MIT
/** The exit codes of `bisect`, of a process as git starts it: what a bisection makes of them cannot be taken back. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { KeystormError } from '../../vm/failure.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, testFolder } from '../testing/test-run.ts';
import { workingTree } from './actions/bisect.ts';

const test = suite('bisect', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const root = fileURLToPath(new URL('../..', import.meta.url));
const small = ['--machine', 'fake', '--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '5'];
const { INIT_CWD: _cwd, ...env } = process.env;

interface Case {
  readonly words: readonly string[];
  readonly script?: string;
  readonly code: number;
  readonly says: RegExp;
}

const good = ['--base', 'kernel=6.1', '--new', 'kernel=6.12'];

const cases: Readonly<Record<string, Case>> = {
  'unchanged is good': { words: good, code: 0, says: /^bisect {3}good$/m },
  'regressed is bad': {
    words: ['--base', 'kernel=6.1', '--new', 'kernel=6.1,delay=20000'],
    code: 1,
    says: /^bisect {3}bad$/m,
  },
  'too few boots cannot be told': { words: [...good, '--boots', '1'], code: 125, says: /^bisect {3}cannot be told$/m },
  'guests that never come up cannot be told': {
    words: [...good, '--boots', '1'],
    script: 'boot-failure@0',
    code: 125,
    says: /No boot of .* came to its end/,
  },
  'a revision that git does not know cannot be told': {
    words: ['--base', 'kernel=6.1,module=no-such-revision'],
    code: 125,
    says: /git knows no revision "no-such-revision"/,
  },
  'a guest that is no guest cannot be told': { words: ['--base', 'kernal=6.1'], code: 125, says: /'kernal'/ },
  'a base without anything to bisect cannot be told': {
    words: ['--base', 'kernel=6.1'],
    code: 125,
    says: /has no module, and would be held against itself/,
  },
  'an unknown option cannot be told': { words: [...good, '--bots', '3'], code: 125, says: /unknown option '--bots'/ },
  'a place that cannot be written cannot be told': {
    words: [...good, '--out', '/proc/x'],
    code: 125,
    says: /Nothing can be written into \/proc\/x/,
  },
};

for (const [name, { words, script = '', code, says }] of Object.entries(cases)) {
  test(`${name}: exit code ${code}`, () => {
    const out = words.includes('--out') ? [] : ['--out', testFolder()];
    const ended = spawnSync(process.execPath, ['bench/bootstrap.mjs', 'bisect', ...words, ...small, ...out], {
      cwd: root,
      env: { ...env, KEYSTORM_FAKE: script },
      encoding: 'utf8',
    });
    assert.is(ended.status, code, ended.stderr);
    assert.match(ended.stderr, says);
  });
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends the bisection: exit code ${code}`, async () => {
    const words = ['bench/bootstrap.mjs', 'bisect', ...good, ...small, '--out', testFolder()];
    const child = spawn(process.execPath, words, {
      cwd: root,
      env: { ...env, KEYSTORM_FAKE: 'freeze@0.1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stderr.on('data', (chunk) => {
      const before = said;
      said += String(chunk);
      if (/cell 2\/2/.test(said) && !/cell 2\/2/.test(before)) child.kill(signal);
    });
    assert.is(await ended, code, said);
    assert.match(said, /^bisect {3}interrupted$/m);
  });
}

test('what is asked about is the good one with the modules that are checked out', () => {
  assert.equal(workingTree({ kernel: '6.12', module: 'v1' }, ''), { kernel: '6.12' });
  assert.equal(workingTree({ module: 'v1', delay: '5' }, ''), { delay: '5' });
  assert.throws(
    () => workingTree({ tree: '/linux' }, 'tree=/linux'),
    (error: unknown) =>
      error instanceof KeystormError && error.exitCode === 2 && /tree=\/linux has no module/.test(error.message),
  );
});

test.run();
