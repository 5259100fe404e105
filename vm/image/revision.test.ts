// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { Cache, checkoutDir } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { commitOf, sourceAt } from './revision.ts';
import { moduleSourceHash, presentSource } from './sources.ts';

const test = suite("the module's revisions", { timeoutMs: 60_000 });
const root = mkdtempSync(path.join(tmpdir(), 'keystorm-revision-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

/** A checkout of its own: the modules as they are, then with another actor, then with another interface. */
const checkout = path.join(root, 'checkout');
const cache = new Cache(path.join(root, 'cache'));
const silent = () => undefined;

function git(...args: string[]): void {
  const who = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', checkout, ...who, ...args], { stdio: 'ignore' });
}

function commit(file: string | null, tag: string): void {
  if (file !== null) appendFileSync(path.join(checkout, 'vm/guest', file), '\n/* another line */\n');
  git('add', '-A');
  git('commit', '-q', '-m', tag);
  git('tag', tag);
}

test.before(() => {
  cpSync(path.join(checkoutDir, 'vm/guest'), path.join(checkout, 'vm/guest'), { recursive: true });
  git('init', '-q');
  commit(null, 'as-it-is');
  commit('module/actor.c', 'another-actor');
  commit('include/keystorm_uapi.h', 'another-interface');
});

test('a revision is a commit, whatever git calls it', () => {
  const newest = commitOf('HEAD', checkout);
  assert.match(newest, /^[0-9a-f]{40}$/);
  assert.is(commitOf('another-interface', checkout), newest);
  assert.is(commitOf(newest.slice(0, 10), checkout), newest);
  assert.is.not(commitOf('HEAD~1', checkout), newest);
});

test('what git does not know is named, be it shaped like an option', () => {
  for (const revision of ['no-such-branch', '--all', 'HEAD~99', 'HEAD:vm', '']) {
    assert.throws(
      () => commitOf(revision, checkout),
      (error: unknown) => error instanceof KeystormError && error.exitCode === 2 && /no revision/.test(error.message),
      revision,
    );
  }
});

test("the module's source is what the commit had, and its hash tells it from another", async () => {
  const same = await sourceAt(commitOf('as-it-is', checkout), cache, silent, checkout);
  assert.is(moduleSourceHash(same), moduleSourceHash(presentSource));
  const other = await sourceAt(commitOf('another-actor', checkout), cache, silent, checkout);
  assert.is.not(moduleSourceHash(other), moduleSourceHash(presentSource));
  assert.ok(existsSync(path.join(other, 'module/actor.c')));
  assert.not(existsSync(path.join(other, '../../source.tar')), 'the archive is not kept beside what was in it');
});

test('a module whose interface is not that of our agents is refused', async () => {
  const of = commitOf('another-interface', checkout);
  const error = await sourceAt(of, cache, silent, checkout).catch((thrown: unknown) => thrown);
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 2);
  assert.match((error as Error).message, 'another interface');
});

test.run();
