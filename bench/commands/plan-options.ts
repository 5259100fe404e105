// SPDX-License-Identifier: MIT
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { KeystormError } from '../../vm/failure.ts';
import { lockFile, parseLock } from '../../vm/image/lock.ts';
import { providerNames } from '../../vm/providers.ts';
import { unknownName } from '../plan/choose.ts';
import type { PlanOptions } from '../plan/make-plan.ts';
import { collect, wholeNumber } from './context.ts';

const standardBoots = 3;
const quickBoots = 1;
const maxSeed = 2 ** 31 - 1;

/** What commander makes of the options below. */
export interface PlanFlags {
  readonly mechanism: string[];
  readonly scenario: string[];
  readonly kernel: string;
  readonly machine: string;
  readonly boots?: number;
  readonly seed?: number;
  readonly quick: boolean;
}

/** The options that decide about a plan, for the commands that make one. */
export function addPlanOptions(command: Command): Command {
  return command
    .option('--mechanism <names>', "what to measure, repeatable or with commas; 'all' is the default", collect, [])
    .option('--scenario <names>', 'under what, likewise', collect, [])
    .option('--kernel <name>', 'a kernel of the lock file', '6.1')
    .addOption(new Option('--machine <name>', 'where guests run').default('qemu'))
    .option(
      '--boots <n>',
      `independent boots (default: ${standardBoots}, with --quick ${quickBoots})`,
      wholeNumber(1, 999),
    )
    .option('--seed <n>', 'decides the order of everything (default: a new one)', wholeNumber(0, maxSeed))
    .option('--quick', 'a smoke test of every mechanism: fewer windows and scenarios', false);
}

/** Options whose names npm has no use for; `json` it has. */
const swallowed = ['mechanism', 'scenario', 'kernel', 'machine', 'boots', 'seed', 'quick', 'out', 'locked'];

/**
 * `npm run bench --quick`: npm takes the option for one of its own, says so in a warning, and passes nothing on.
 * @throws KeystormError (2), rather than let the full run begin.
 */
function demandNothingSwallowed(): void {
  const name = swallowed.find((each) => process.env[`npm_config_${each}`] !== undefined);
  if (name !== undefined)
    throw new KeystormError(
      `npm took --${name} for itself: put -- before the options, as in npm run bench -- --${name}.`,
    );
}

/** Flags as the plan's options. @throws KeystormError (2) for an unknown kernel or machine, or an option that npm kept. */
export function planOptionsOf(flags: PlanFlags): PlanOptions {
  demandNothingSwallowed();
  demand('machine', flags.machine, providerNames);
  demand('kernel', flags.kernel, kernelNames());
  return {
    mechanisms: flags.mechanism,
    scenarios: flags.scenario,
    kernel: flags.kernel,
    machine: flags.machine,
    boots: flags.boots ?? (flags.quick ? quickBoots : standardBoots),
    seed: flags.seed ?? randomInt(maxSeed),
    quick: flags.quick,
  };
}

/** Names in the committed lock file. */
export function kernelNames(): string[] {
  return parseLock(readFileSync(lockFile, 'utf8'), lockFile).kernels.map(({ name }) => name);
}

function demand(what: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw new KeystormError(unknownName(what, name, known));
}
