// SPDX-License-Identifier: MIT
// The npm packages of package-lock.json in node_modules: whether they are there, and how they get there. Plain JavaScript
// without a dependency: it runs before there is any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const modules = path.join(root, 'node_modules');
/** Written last, so what has it was installed to the end: the lock file's hash. */
const stamp = path.join(modules, '.keystorm-lock');
const installBoundMs = 600_000;
const spaceNeededMB = 250;

/** One sentence, and the end. Exit codes are those of the README. */
export function fail(sentence, exitCode) {
  console.error(`keystorm: ${sentence}`);
  process.exit(exitCode);
}

/** What must be installed: the hash of the lock file, and the packages that the project itself names in it. */
export function needsOfLock() {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const project = JSON.parse(text).packages?.[''] ?? {};
  const packages = Object.keys({ ...project.dependencies, ...project.devDependencies });
  return { hash: createHash('sha256').update(text).digest('hex'), packages };
}

/** True when these very packages were installed to the end, and none has been taken away since. */
export function isInstalled({ hash, packages }) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) return false;
  return packages.every((name) => existsSync(path.join(modules, name, 'package.json')));
}

/** Installs them with npm ci. Ends the process with a sentence when that fails; the next start then begins anew. */
export function installPackages() {
  const cache = path.resolve(process.env.KEYSTORM_CACHE || path.join(root, '.cache', 'keystorm'), 'npm');
  console.error('keystorm: installing the npm packages of package-lock.json');
  try {
    // In a cache of our own: HOME may be unset, full or read-only, and a later installation needs no network.
    makeFolder(cache);
    rmSync(stamp, { force: true });
    const said = npmCi(cache);
    if (said !== null) explain(said, cache);
    writeFileSync(stamp, needsOfLock().hash);
  } catch (error) {
    failFor(error.code ?? '', cache);
    fail(`${error.path ?? cache} cannot be used (${error.code}): name another cache in KEYSTORM_CACHE.`, 2);
  }
}

/** Not with `recursive`, which never returns for a place below /proc. */
function makeFolder(dir) {
  if (existsSync(dir)) return;
  makeFolder(path.dirname(dir));
  mkdirSync(dir);
}

/** Null when it worked, else what npm said. */
function npmCi(cache) {
  const options = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--include=dev'];
  // Without a network two quick retries do: npm's own ten and sixty seconds only delay the sentence.
  const network = [
    '--prefer-offline',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
    '--fetch-timeout=60000',
  ];
  const npm = ['npm', 'ci', ...options, ...network, '--cache', cache];
  const settings = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', timeout: installBoundMs };
  let result = spawnSync('setpriv', ['--pdeathsig', 'KILL', ...npm], settings);
  if (result.error?.code === 'ENOENT') result = spawnSync(npm[0], npm.slice(1), settings);
  if (result.error?.code === 'ENOENT' || result.status === 127)
    fail('npm is not installed; it comes with Node.js (Debian: apt-get install npm).', 2);
  if (result.error?.code === 'ETIMEDOUT') return `npm ci did not end within ${installBoundMs / 60_000} minutes`;
  return result.status === 0 ? null : `${result.stdout}${result.stderr}`.trim();
}

/** Ends the process if an error of npm or of the file system is known. 2: the user can set it right; 3: the host failed. */
function failFor(code, cache) {
  if (/^(ENOSPC|EDQUOT)$/.test(code)) fail(fullDisk(cache), 3);
  if (/^(ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN.*|.*UNREACH|.*TIME(D)?OUT)$/.test(code))
    fail(
      `the npm registry cannot be reached, and the npm packages are not all in ${cache}: start once with a network, or name a filled cache in KEYSTORM_CACHE.`,
      2,
    );
  if (/^(EACCES|EPERM|EROFS)$/.test(code))
    fail(`${modules} or ${cache} cannot be written (${code}): give yourself permission there, then start again.`, 2);
  if (code === 'EUSAGE')
    fail('package.json and package-lock.json do not belong together: check both out as they were committed.', 2);
}

/** A known reason is one sentence; for any other npm's own words come first. */
function explain(said, cache) {
  failFor(/^npm (?:error|ERR!) code (\S+)/m.exec(said)?.[1] ?? '', cache);
  // npm may not notice a full disk, only what it cut short.
  if ([modules, cache].some((place) => freeMB(place) < spaceNeededMB)) fail(fullDisk(cache), 3);
  console.error(said);
  fail('npm ci failed (see above); start again once that is mended, what was half installed is then replaced.', 3);
}

function fullDisk(cache) {
  const places = [modules, cache].map((place) => `${place} (${Math.floor(freeMB(place))} MB)`).join(' and ');
  return `no space is left for the npm packages at ${places}: about ${spaceNeededMB} MB are needed; free some, or name another cache in KEYSTORM_CACHE, then start again.`;
}

/** Of the disk on which a folder is, or would be. */
function freeMB(place) {
  if (!existsSync(place)) return freeMB(path.dirname(place));
  const { bavail, bsize } = statfsSync(place);
  return (bavail * bsize) / 1e6;
}
