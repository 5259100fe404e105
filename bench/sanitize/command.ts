// SPDX-License-Identifier: MIT
/** `npm run sanitize`: is the module clean on a kernel that looks for faults? */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { demandNoRun } from '../../results/run-writer.ts';
import { isDiskTrouble, isSystemError } from '../../results/storage-error.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';
import { kernelOf } from '../commands/actions/kernel-choice.ts';
import { machineProvider } from '../commands/actions/machine-provider.ts';
import { type CommandContext, collect, userPath, wholeNumber } from '../commands/context.ts';
import type { Output } from '../commands/output.ts';
import { settle } from '../commands/program.ts';
import { choose } from '../plan/choose.ts';
import { makePlan } from '../plan/make-plan.ts';
import { typedPath } from '../report/typed-path.ts';
import { catchInterrupts } from '../run/interrupt.ts';
import { ProgressDisplay } from '../run/progress.ts';
import { clockOf } from '../run/run.ts';
import { makeRunFolder } from '../run/run-folder.ts';
import { type SanitizeDocument, sanitizeDocument } from './document.ts';
import { exitCodeOfFindings } from './findings.ts';
import { repro } from './repro.ts';
import { runDirIn } from './rounds.ts';
import { type SanitizePart, sanitize, sanitizeParts } from './sanitize.ts';
import { shortPlan } from './short-plan.ts';
import { sanitizeText } from './text.ts';

/** Where what was found lands unless told otherwise. */
const standardDir = fileURLToPath(new URL('../../results/sanitize', import.meta.url));
const maxSeed = 2 ** 31 - 1;

export interface SanitizeFlags {
  readonly part: string[];
  readonly mechanism: string[];
  readonly scenario: string[];
  readonly rounds: number;
  readonly smp: number;
  readonly seed?: number;
  readonly kernel: string;
  readonly kernelTree?: string;
  readonly machine: string;
  readonly out?: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run sanitize                              everything; the first time also builds a kernel
  npm run sanitize -- --rounds 1 --scenario latency --mechanism keyagent-fd
  npm run sanitize -- --part experiments        each behaviour, each failing allocation, unloading under load
  npm run -s sanitize -- --json > sanitize.json

Nothing is measured here: what depends on how long something takes is not judged.

Exit codes: 0 clean; 1 a report of the kernel, something left behind, or an expectation not met; 2 usage;
3 a guest or the harness broke, or a sanitizer did not report a fault on purpose; 4 not everything was seen;
130 or 143 interrupted.`;

export function sanitizeCommand({ output, finish }: CommandContext): Command {
  const command = new Command('sanitize');
  settle(command, output);
  return command
    .description('run every scenario in short form on a kernel that looks for faults of the module')
    .option('--part <names>', `only ${sanitizeParts.join(', ')}; repeatable or with commas (default: all)`, collect, [])
    .option('--mechanism <names>', 'as for bench (default: all)', collect, [])
    .option('--scenario <names>', 'as for bench (default: all)', collect, [])
    .option(
      '--rounds <n>',
      'times the module is loaded, put under load and unloaded in one guest',
      wholeNumber(1, 999),
      20,
    )
    .option(
      '--smp <n>',
      'virtual processors: with one there are no races but those of preemption',
      wholeNumber(1, 8),
      2,
    )
    .option('--seed <n>', 'decides the order of everything (default: a new one)', wholeNumber(0, maxSeed))
    .option('--kernel <name>', 'another kernel than the one with the sanitizers', 'debug')
    .addOption(
      new Option(
        '--kernel-tree <dir>',
        'a kernel of your own, built with sanitizers: the folder it was built in',
      ).conflicts('kernel'),
    )
    .option('--machine <name>', 'where guests run', 'qemu')
    .option('--out <dir>', 'folder of what is found (default: a new one in results/sanitize)')
    .option('--locked', 'refuse, rather than take a newer source, when the locked one is gone from the mirrors', false)
    .option('--no-install', 'never install a package on this host')
    .option('--json', 'print one keystorm/sanitize/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: SanitizeFlags) => finish(await run(flags, output)));
}

/** @throws KeystormError as the table of exit codes has it. */
async function run(flags: SanitizeFlags, output: Output): Promise<number> {
  const parts = choose('part', sanitizeParts, flags.part) as SanitizePart[];
  const provider = machineProvider(flags.machine);
  const kernel = kernelOf(flags, provider.abilities);
  const seed = flags.seed ?? randomInt(maxSeed);
  const { rounds, smp, machine } = flags;
  const all = (names: readonly string[]) => (names.length === 0 ? ['all'] : names);
  const choice = { mechanisms: all(flags.mechanism), scenarios: all(flags.scenario) };
  // Before anything is fetched and built, which may take a quarter of an hour.
  const whole = makePlan({ ...choice, ...kernel, machine, smp, boots: 1, seed, quick: false });
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  if (out !== undefined) demandNoRun(runDirIn(out));
  const display = new ProgressDisplay(clockOf(provider), output.progress);
  const note = (text: string) => display.note(text);
  const interrupt = catchInterrupts(note);
  try {
    const noInstall = !flags.install;
    const shape = { smp, memoryMiB: whole.memoryMiB };
    const prepared = provider.prepare({ ...kernel, shape, locked: flags.locked, noInstall, progress: note });
    await unlessInterrupted(interrupt.signal, prepared);
    const interrupted = interrupt.exitCode();
    if (interrupted !== undefined) return interrupted;
    const slowness = provider.slowness ?? 1;
    const plan = shortPlan(whole, { rounds, smp, slowness });
    const dir = out ?? makeRunFolder(standardDir, new Date(), seed);
    const job = { parts, plan, provider, dir, slowness, note, listener: display, signal: interrupt.signal };
    const done = await sanitize({ ...job, repro: repro(flags, seed) });
    const about = { parts, seed, smp, asked: parts.includes('rounds') ? rounds : 0, machine: done.machine };
    const document = sanitizeDocument(done, about);
    const text = sanitizeText(document);
    // First of all: half an hour of looking is not to be lost to a disk that is full.
    output.result(flags.json ? JSON.stringify(document) : text);
    const failed = writeFound(dir, document, text, note);
    return interrupt.exitCode() ?? (exitCodeOfFindings(done.findings) || failed);
  } finally {
    interrupt.release();
  }
}

/** Writes what was found into `dir`, and says where, or why not. Returns 0, or the exit code of that. */
function writeFound(dir: string, document: SanitizeDocument, text: string, note: (text: string) => void): 0 | 2 | 3 {
  const shown = path.join(dir, 'sanitize.txt');
  try {
    makeFolderSync(dir);
    writeFileSync(path.join(dir, 'sanitize.json'), `${JSON.stringify(document, null, 1)}\n`);
    writeFileSync(shown, `${text}\n`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    note(`keystorm: Cannot write what was found into ${dir} (${error.message}); it is printed, and nowhere else.`);
    return isDiskTrouble(error) ? 3 : 2;
  }
  note(`report   ${typedPath(shown)}`);
  return 0;
}

/** Nothing was looked at yet, so there is nothing to wait for once somebody wants to stop. */
function unlessInterrupted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}
