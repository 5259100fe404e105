// SPDX-License-Identifier: MIT
import { cpSync, existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { demandTogether, readShard, type StoredShard, writeMerged } from '../../../results/merging.ts';
import { demandNoRun } from '../../../results/run-writer.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { withoutShard } from '../../plan/repro.ts';
import { aloneIn } from '../../run/alone.ts';
import { describeTool } from '../../run/host.ts';
import { makeRunFolder, runIdOf, standardRunsDir } from '../../run/run-folder.ts';
import { count } from '../../words.ts';
import { type CommandContext, userPath } from '../context.ts';
import { judgedRun, printReport, writeReport } from './judged-run.ts';
import { demandFolder } from './places.ts';
import { runPaths } from './run-path.ts';

export interface Flags {
  readonly out?: string;
  readonly incomplete: boolean;
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function merge(runs: readonly string[], flags: Flags, { output }: CommandContext): Promise<number> {
  const out = flags.out === undefined ? undefined : userPath(flags.out);
  if (out !== undefined) {
    demandNoRun(out);
    demandFolder(out, 'give --out a folder that you may write to');
  }
  const shards = demandTogether(
    runPaths(runs, (line) => output.progress.line(line)).map((dir) => readShard(dir)),
    flags,
  );
  const dir = out ?? makeRunFolder(standardRunsDir, new Date(), shards[0]?.manifest.seed ?? 0);
  await aloneIn(dir, async () => writeMerged(shards, originOf(shards, dir), {}, () => copyBootFolders(shards, dir)));
  output.progress.line(`${count(shards.length, 'shard')} of ${shards[0]?.shard.count} merged; ${dir}`);
  const judged = judgedRun(dir);
  printReport(judged, flags.json, output);
  return judged.exitCode || writeReport(judged, dir, output);
}

function originOf(shards: readonly StoredShard[], dir: string) {
  const [repro = ''] = shards.map(({ manifest, shard }) => withoutShard(manifest.repro, shard));
  return { dir, runId: runIdOf(dir), tool: describeTool(), repro };
}

/** Consoles and logs, which people look for where the run is. All of them or, where that fails, none. */
function copyBootFolders(shards: readonly StoredShard[], dir: string): void {
  const copied: string[] = [];
  try {
    for (const shard of shards) {
      for (const name of readdirSync(shard.dir).filter((each) => /^boot-\d/.test(each))) {
        const to = path.join(dir, name);
        if (existsSync(to)) throw new KeystormError(`${to} is in the way of a boot's logs; give --out another folder.`);
        copied.push(to);
        cpSync(path.join(shard.dir, name), to, { recursive: true, filter: isFileOrFolder });
      }
    }
  } catch (error) {
    for (const each of copied) rmSync(each, { recursive: true, force: true });
    throw error;
  }
}

function isFileOrFolder(name: string): boolean {
  const status = lstatSync(name);
  return status.isFile() || status.isDirectory();
}
