// SPDX-License-Identifier: MIT
/** Programs of the guest that drive the module where a usual load never does; each prints a line for what it tried. */
import type { Shell } from '../../vm/machine.ts';
import type { Finding } from './findings.ts';
import { failslabScript } from './sanitizers.ts';

export interface Experiment {
  readonly name: string;
  /** For progress and the report. */
  readonly what: string;
  readonly script: string;
  /** On a kernel of usual speed. */
  readonly timeoutMs: number;
}

export interface ExperimentResult {
  readonly name: string;
  /** What it printed of what went well, e.g. 'open-queue: 7 faults, 4 refused'. */
  readonly passed: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * The module is loaded before each that does not load it itself, and unloaded after it; and with it the kernel's own that a behaviour may
 * have loaded, whose keyring would count as left behind.
 */
const loaded = (command: string) =>
  `insmod /keystorm/keystorm.ko && { ${command}; status=$?; rmmod keystorm || exit 3; rmmod dns_resolver 2>/dev/null; exit $status; }`;

export const experiments: readonly Experiment[] = [
  {
    name: 'behaviours',
    what: 'every behaviour of the module, alone',
    script: loaded('/keystorm/ks-selftest --all'),
    timeoutMs: 300_000,
  },
  {
    name: 'failing-allocations',
    what: 'each allocation and copy of every operation fails once',
    script: `${failslabScript}; ${loaded('/keystorm/ks-fail-nth')}`,
    // Longer than one operation may take before it is killed, so that it is known which it was.
    timeoutMs: 600_000,
  },
  {
    name: 'hostile-calls',
    what: 'a hundred thousand hostile calls at every interface, by whoever can reach it',
    // It unloads the module itself.
    script: 'insmod /keystorm/keystorm.ko && /keystorm/ks-fuzz --calls 100000 --seconds 900',
    timeoutMs: 1_200_000,
  },
  {
    name: 'unload-under-load',
    what: 'unloading and loading while requests are under way',
    script: '/keystorm/ks-unload-race 20',
    timeoutMs: 120_000,
  },
];

export async function runExperiment(
  { name, script, timeoutMs }: Experiment,
  shell: Shell,
  slowness: number,
): Promise<ExperimentResult> {
  const { code, stdout, stderr } = await shell.run(script, { timeoutMs: timeoutMs * slowness });
  return readResult(name, code, stdout, stderr);
}

/** One `ok …` or `not ok …` a line; anything but status 0 is a finding, also when no line says why. */
export function readResult(name: string, code: number, stdout: string, stderr: string): ExperimentResult {
  const lines = stdout.split('\n');
  const passed = lines.filter((line) => line.startsWith('ok ')).map((line) => line.slice('ok '.length));
  const failed = lines.filter((line) => line.startsWith('not ok'));
  const where = `experiment ${name}`;
  const findings: Finding[] = failed.map((line) => ({ kind: 'behaviour', where, what: line.trim(), lines: [] }));
  const said = stderr.split('\n').filter((line) => line !== '');
  if (code !== 0 && failed.length === 0)
    findings.push({ kind: 'behaviour', where, what: `it ended with status ${code}`, lines: said });
  else if (passed.length === 0 && failed.length === 0)
    findings.push({ kind: 'unseen', where, what: 'it said nothing', lines: said });
  return { name, passed, findings };
}
