// SPDX-License-Identifier: MIT
/**
 * Every command by its name. Its options are loaded when it is asked for, and what it does, in actions/, when it is done: to load
 * everything takes seconds, and help needs little of it.
 */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

/**
 * Gives a command its arguments, options, examples and action. `whole` makes the program once more, with all that belongs to each
 * of its commands.
 */
export type Declare = (command: Command, context: CommandContext, whole: () => Promise<Command>) => void;

export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  load(): Promise<Declare>;
}

/** In the order in which help shows them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'bench',
    description: 'boot guests, measure, judge and report',
    load: async () => (await import('./bench.ts')).declareBench,
  },
  {
    name: 'pair',
    description: 'measure base and new in turn, boot by boot, and say what differs',
    load: async () => (await import('./pair.ts')).declarePair,
  },
  {
    name: 'calibrate',
    description: 'measure what comparisons on this host are worth: false alarms, and which known differences are found',
    load: async () => (await import('./calibrate.ts')).declareCalibrate,
  },
  {
    name: 'bisect',
    description: 'measure a good commit and this one in turn, for git bisect run: good, bad or cannot be told',
    load: async () => (await import('./bisect.ts')).declareBisect,
  },
  {
    name: 'stress',
    description: 'a long load with faults that come and go, judged at its end',
    load: async () => (await import('./stress.ts')).declareStress,
  },
  {
    name: 'shell',
    description: 'a guest with everything loaded, and a prompt in it',
    load: async () => (await import('./shell.ts')).declareShell,
  },
  {
    name: 'prepare',
    description: 'fetch and build everything that guests need, and start none',
    load: async () => (await import('./prepare.ts')).declarePrepare,
  },
  {
    name: 'plan',
    description: 'say what bench would do, without doing it',
    load: async () => (await import('./plan.ts')).declarePlan,
  },
  {
    name: 'merge',
    description: 'put the shards of a plan together to one run, judge and report it; no guest is needed',
    load: async () => (await import('./merge.ts')).declareMerge,
  },
  {
    name: 'judge',
    description: 'judge a stored run again; no guest is needed',
    load: async () => (await import('./judge.ts')).declareJudge,
  },
  {
    name: 'report',
    description:
      'report a stored run again, as a table and as report.html, report.md, features.json and faults.json; no guest is needed',
    load: async () => (await import('./report.ts')).declareReport,
  },
  {
    name: 'export',
    description: 'write a stored run in a format that other programs read; no guest is needed',
    load: async () => (await import('./export.ts')).declareExport,
  },
  {
    name: 'compare',
    description: 'say what of a stored run differs from another, and what does not; no guest is needed',
    load: async () => (await import('./compare.ts')).declareCompare,
  },
  {
    name: 'history',
    description: 'append the figures of stored runs to the history that trend looks at, or a reset; no guest is needed',
    load: async () => (await import('./history.ts')).declareHistory,
  },
  {
    name: 'trend',
    description: 'say what changed in the history of runs, since when, and what is not known; no guest is needed',
    load: async () => (await import('./trend.ts')).declareTrend,
  },
  {
    name: 'nightly',
    description:
      'measure a pinned baseline and new in turn, keep the night in the history, and tell what is new: for cron',
    load: async () => (await import('./nightly.ts')).declareNightly,
  },
  {
    name: 'query',
    description: 'answer a question in SQL from stored runs; no guest is needed',
    load: async () => (await import('./query.ts')).declareQuery,
  },
  {
    name: 'list',
    description: 'list mechanisms, scenarios, faults, kernels, runs and examples',
    load: async () => (await import('./list.ts')).declareList,
  },
  {
    name: 'doctor',
    description: 'say what this host has, and what is missing for what',
    load: async () => (await import('./doctor.ts')).declareDoctor,
  },
  {
    name: 'completion',
    description: 'print a script with which a shell completes keystorm',
    load: async () => (await import('./completion.ts')).declareCompletion,
  },
];
