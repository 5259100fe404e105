#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The one file that must run before anything is installed: plain JavaScript, no dependency. It installs the npm packages
// of the lock file when they are missing or the lock file has changed, then hands over in the same process, so that
// signals and exit codes need no forwarding.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stampFile = path.join(root, 'node_modules/.keystorm-lock');

function fail(message) {
  console.error(`keystorm: ${message}`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  fail(`Node.js ${process.versions.node} is too old; install Node.js 20.11 or later.`);
}

const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== lock) {
  console.error('keystorm: installing the npm packages of package-lock.json');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.error) fail('npm is not installed; it comes with Node.js (Debian: apt-get install npm).');
  if (npm.status !== 0) fail('npm ci failed (see above); check that the npm registry can be reached, then try again.');
  writeFileSync(stampFile, lock);
}

const args = process.argv.slice(2);
const target = args[0] === '--run' ? args.splice(0, 2)[1] : 'bench/cli.ts';
process.argv = [process.argv[0], path.join(root, target), ...args];
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(path.join(root, target)).href);
