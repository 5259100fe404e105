#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Where everything starts, also `keystorm` itself when it is linked into a PATH. Plain JavaScript without a dependency, since
// it must run before anything is installed: it sees to the npm packages of the lock file, then hands over in the same
// process, so that signals and exit codes need no forwarding.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail, installPackages, isInstalled, needsOfLock, root } from './npm-packages.mjs';

/** Status of flock(1) when somebody else holds the lock; npm and Node have other uses for small numbers. */
const busy = 75;
/** An installation over a slow line takes minutes; one that takes longer than this will not end. */
const lockWaitSeconds = 900;

const args = process.argv.slice(2);
/** The program has been loaded, and its exit codes are its own. */
let handedOver = false;
// `git bisect run` takes 1 to 127 for "bad", save for 125, "cannot be told". Bad is only what the program says is, not what broke
// here or there, or was typed wrongly.
if (args[0] === 'bisect') {
  process.on('exit', (code) => {
    const said = code === 0 || code >= 128 || (code === 1 && handedOver);
    if (!said) process.exitCode = 125;
  });
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  fail(`Node.js ${process.versions.node} is too old; install Node.js 20.11 or later.`, 2);
}

if (args[0] === '--install-packages') {
  // Whoever held the lock before may have done it already.
  if (!isInstalled(needsOfLock())) installPackages();
  process.exit(0);
}
if (!isInstalled(needsOfLock())) installUnderLock();

const target = args[0] === '--run' ? args.splice(0, 2)[1] : 'bench/cli.ts';
// What is told to be typed is `keystorm` only where that is a command; npx has a folder of its own for it, not in the PATH.
const byName = path.basename(process.argv[1]) === 'keystorm' && !process.argv[1].includes('/node_modules/.bin/');
process.env.KEYSTORM_CALLED_BY_NAME = byName ? '1' : '';
process.argv = [process.argv[0], path.join(root, target), ...args];
const { register } = await import('tsx/esm/api');
register();
handedOver = true;
await import(pathToFileURL(path.join(root, target)).href).catch((error) => {
  handedOver = false;
  throw error;
});

/**
 * One harness installs, others wait. The lock is one of the kernel's, on a file that stays: it is free as soon as its holder
 * is gone, however it went, and the installation goes with its harness.
 */
function installUnderLock() {
  const lock = path.join(root, '.cache', 'npm-packages.lock');
  try {
    mkdirSync(path.dirname(lock), { recursive: true });
  } catch (error) {
    fail(
      `${path.dirname(lock)} cannot be made (${error.code}): the checkout must be on a disk that can be written.`,
      3,
    );
  }
  const self = [process.execPath, fileURLToPath(import.meta.url), '--install-packages'];
  const leashed = ['setpriv', '--pdeathsig', 'KILL', 'flock', '-F', '-E', String(busy)];
  let result = spawn([...leashed, '-n', lock, ...self]);
  if (result.status === busy) {
    console.error('keystorm: another start is installing the npm packages; waiting for it.');
    result = spawn([...leashed, '-w', String(lockWaitSeconds), lock, ...self]);
  }
  if (result.status === busy)
    fail(
      `another start has been installing npm packages for ${lockWaitSeconds / 60} minutes; end it, then try again.`,
      3,
    );
  // A system without util-linux: alone it does as well.
  if (result.error?.code === 'ENOENT' || result.status === 127) result = spawn(self);
  if (result.signal !== null) process.kill(process.pid, result.signal);
  if (result.status !== 0) process.exit(result.status ?? 3);
}

function spawn([program, ...rest]) {
  return spawnSync(program, rest, { stdio: ['ignore', 2, 2] });
}
