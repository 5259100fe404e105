// SPDX-License-Identifier: MIT
/** `npm run bench:harness`: what the harness itself costs on this host. Nothing here says what would be too much. */
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readRun } from '../../results/run-reader.ts';
import { KeystormError } from '../../vm/failure.ts';
import { runPath } from '../commands/actions/run-path.ts';
import type { CommandContext } from '../commands/context.ts';
import { settle } from '../commands/program.ts';
import { examplesDir, runFoldersIn } from '../run/run-folder.ts';
import { hammerResult, harnessDocument, type TaskResult, taskResult } from './document.ts';
import { hammerStudy } from './hammer.ts';
import { measure } from './measure.ts';
import type { HarnessTask } from './task.ts';
import { harnessData } from './tasks/data.ts';
import { harnessTasks } from './tasks/index.ts';
import { harnessText } from './text.ts';

const standardSeconds = 20;

interface Flags {
  readonly run?: string;
  readonly filter?: string;
  readonly seconds: number;
  readonly hammer?: string;
  readonly json: boolean;
}

const examples = `
Examples:
  npm run bench:harness                         everything, in about ${standardSeconds} s
  npm run bench:harness -- --filter codec       tasks whose group or name contains it
  npm run bench:harness -- --run latest         on another run than an example
  npm run bench:harness -- --hammer latest      a run of scenario hammer-overhead: time per request, a figure a window
  npm run -s bench:harness -- --json > harness.json

Exit codes: 0 everything was measured, 2 usage, 3 something could not be measured.`;

export function harnessCommand({ output, finish }: CommandContext): Command {
  const command = new Command('bench:harness');
  settle(command, output);
  return command
    .description('measure what the harness itself costs on this host; no guest is needed')
    .option('--run <run>', "the stored run to work on, as for 'report' (default: the newest example)")
    .option('--filter <text>', 'only tasks whose group or name contains it')
    .option('--seconds <n>', `for all tasks together, at most 600`, seconds, standardSeconds)
    .option('--hammer <run>', 'instead: figures of a stored run of scenario hammer-overhead')
    .option('--json', 'print one keystorm/harness/1 document', false)
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const document = flags.hammer === undefined ? await ofTasks(flags) : ofHammer(runPath(flags.hammer));
      output.result(flags.json ? JSON.stringify(document) : harnessText(document));
      finish(document.tasks.every(({ measured }) => measured !== null) ? 0 : 3);
    });

  async function ofTasks({ run, filter = '', seconds }: Flags) {
    const dir = run === undefined ? newestExample() : runPath(run);
    const tasks = harnessTasks(harnessData(dir)).filter(({ group, name }) => `${group}: ${name}`.includes(filter));
    if (tasks.length === 0)
      throw new KeystormError(`No task's group or name contains '${filter}'; without --filter all are measured.`);
    const results: TaskResult[] = [];
    for (const task of tasks) {
      output.progress.status(`${results.length + 1}/${tasks.length} ${task.group}: ${task.name}`);
      results.push(measured(task, (seconds * 1_000) / tasks.length));
      // A signal is heard between tasks: a task is synchronous.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return harnessDocument(path.basename(dir), results, null);
  }

  function ofHammer(dir: string) {
    return harnessDocument(path.basename(dir), [], hammerResult(hammerStudy(readRun(dir))));
  }
}

function measured(task: HarnessTask, taskMs: number): TaskResult {
  return taskResult(task, measure(task, { taskMs }));
}

function newestExample(): string {
  const newest = runFoldersIn(examplesDir).at(-1);
  if (newest === undefined) throw new KeystormError('There is no example in results/examples; name a run with --run.');
  return newest;
}

/** For commander: seconds, with decimals if need be. */
function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 600) return value;
  throw new InvalidArgumentError('It must be a number above 0 and at most 600.');
}
