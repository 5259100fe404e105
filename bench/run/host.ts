// SPDX-License-Identifier: MIT
/** Who measured: this tool and the machine it runs on, as the manifest records them. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../../results/manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function describeHost(): Manifest['host'] {
  const processors = os.cpus();
  return {
    name: os.hostname() || 'unknown',
    cpuModel: processors[0]?.model.trim() || 'unknown',
    cpus: Math.max(1, processors.length),
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()}`,
    node: process.version,
  };
}

/** The version that package.json names. */
export function toolVersion(): string {
  const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
  return manifest.version;
}

/** Version and commit of this checkout; outside one (a tarball, no git) the commit is null. */
export function describeTool(): Manifest['tool'] {
  const commit = git('rev-parse', 'HEAD');
  // A checkout whose state cannot be told is not called clean.
  const dirty = commit !== null && git('status', '--porcelain') !== '';
  return { version: toolVersion(), commit, dirty };
}

function git(...args: string[]): string | null {
  const result = spawnSync('git', args, { cwd: root, encoding: 'utf8', timeout: 10_000 });
  return result.status === 0 ? result.stdout.trim() : null;
}
