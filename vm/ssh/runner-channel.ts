// SPDX-License-Identifier: MIT
/** The duplex stream to a guest runner: ends when the runner does, and fails with the reason when the guest is lost. */
import { Duplex } from 'node:stream';
import { BoundedLog } from '../bounded-log.ts';
import { MachineFailure } from '../failure.ts';
import type { RunningCommand } from './link.ts';

/** Exit codes with which a shell says that there was nothing to run. */
const notRun = [126, 127];

/**
 * Wraps a running `ks-runner`. What it writes to its standard error is appended to `stderrLog`, all of it before the stream ends. `whyLost` turns a lost connection into the
 * failure behind it; it may take a moment, as a dying guest's console speaks later than its network. `whyKilled` likewise of a runner
 * that a signal has ended.
 */
export function runnerChannel(
  command: RunningCommand,
  stderrLog: string,
  whyLost: () => Promise<MachineFailure>,
  whyKilled: (symptom: string) => MachineFailure,
): Duplex {
  const { stdin, stdout } = command;
  const duplex = new Duplex({
    read() {
      stdout.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      // A runner that has ended reads no more; its end, not this write, is what tells the caller.
      if (stdin.writable) stdin.write(chunk, () => done());
      else done();
    },
    final(done) {
      stdin.end();
      done();
    },
    destroy(error, done) {
      stdin.destroy();
      done(error);
    },
  });
  stdout.on('data', (chunk: Buffer) => {
    if (!duplex.destroyed && !duplex.push(chunk)) stdout.pause();
  });
  let said = '';
  const log = openLog(stderrLog);
  command.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-500);
    log?.write(chunk);
  });
  void command.ended.then(async ({ code, signal }) => {
    log?.end();
    if (duplex.destroyed) return;
    if (code === undefined && signal === undefined) duplex.destroy(await whyLost());
    else if (signal !== undefined)
      duplex.destroy(whyKilled(`The runner in the guest was killed by SIG${signal.replace(/^SIG/, '')}.`));
    else if (code !== undefined && notRun.includes(code))
      duplex.destroy(new MachineFailure('harness-fault', `The guest has no runner: ${said.trim()}.`));
    else duplex.push(null);
  });
  return duplex;
}

/** It is for people; a disk that takes nothing is noticed where results are written. */
function openLog(file: string): BoundedLog | undefined {
  try {
    return new BoundedLog(file, 'a');
  } catch {
    return undefined;
  }
}
