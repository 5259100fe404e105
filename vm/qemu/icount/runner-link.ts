// SPDX-License-Identifier: MIT
/** A guest runner behind a serial port, as a running command: its plan goes in at once, while the guest's time stands still. */
import { constants } from 'node:os';
import { PassThrough, Writable } from 'node:stream';
import type { ConsoleLines } from '../../console-lines.ts';
import type { CommandEnd, RunningCommand } from '../../ssh/link.ts';
import type { FileTail } from './tail.ts';

export interface RunnerLinkParts {
  readonly console: ConsoleLines;
  /** What comes out of the port from now on. */
  readonly output: FileTail;
  /** Hands the text over and lets the guest's time go on. */
  readonly hand: (text: Buffer) => Promise<void>;
  /** Settles when the guest is gone. */
  readonly gone: Promise<unknown>;
}

/** What the carrier (vm/guest/carrier) says on the console. */
const endLine = /^keystorm: runner ended (with status|by signal) (\d+)$/;

export function runnerLink({ console, output, hand, gone }: RunnerLinkParts): RunningCommand {
  const stderr = new PassThrough();
  const ended = new Promise<CommandEnd>((resolve) => {
    const end = (how: CommandEnd) => {
      deaf();
      // All of it is in the file by now: the port was drained before the end was said.
      output.finish();
      stderr.end();
      if (output.destroyed || output.readableEnded) resolve(how);
      else for (const event of ['end', 'close']) output.once(event, () => resolve(how));
    };
    const deaf = console.onLine((line) => {
      const [, how, number] = endLine.exec(line) ?? [];
      if (how === 'with status') end({ code: Number(number), signal: undefined });
      if (how === 'by signal') end({ code: undefined, signal: signalName(Number(number)) });
    });
    void gone.finally(() => end({ code: undefined, signal: undefined }));
  });
  return { stdin: plan(hand), stdout: output, stderr, ended };
}

/**
 * What is written in one turn of the event loop is one text. Whatever came later would reach the guest at a moment that the host
 * chooses, so it is an error.
 */
function plan(hand: (text: Buffer) => Promise<void>): Writable {
  let parts: Buffer[] | undefined = [];
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (parts === undefined) {
        done(new Error('a guest that counts its instructions is told everything at once'));
        return;
      }
      if (parts.push(chunk) === 1)
        setImmediate((stream: Writable) => {
          const text = Buffer.concat(parts ?? []);
          parts = undefined;
          hand(text).catch((error: Error) => stream.destroy(error));
        }, this);
      done();
    },
  });
}

function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, each]) => each === number) ?? [`SIG${number}`];
  return name;
}
