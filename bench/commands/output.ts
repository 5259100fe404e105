// SPDX-License-Identifier: MIT
/** Standard output for the result, standard error for everything else; either may be closed at any time. */
import type { Writable } from 'node:stream';
import type { ProgressSink } from '../run/progress.ts';

export interface Output {
  /** Text of the result. A line break is added. */
  result(text: string): void;
  readonly progress: ProgressSink;
  /** Colours and lines that change in place are welcome on standard output. */
  readonly colour: boolean;
}

interface Streams {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/** NO_COLOR and CI mean what they mean elsewhere: set and not empty, no colour, and nothing that moves. */
export function makeOutput(streams: Streams = process, env: NodeJS.ProcessEnv = process.env): Output {
  const plain = isSet(env.CI) || env.TERM === 'dumb';
  const stdout = tolerant(streams.stdout);
  const stderr = tolerant(streams.stderr);
  return {
    result: (text) => stdout(`${text}\n`),
    colour: streams.stdout.isTTY === true && !plain && !isSet(env.NO_COLOR),
    progress:
      streams.stderr.isTTY === true && !plain
        ? terminalProgress(stderr, () => streams.stderr.columns ?? 80)
        : { line: (text) => stderr(`${text}\n`), status: () => {} },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/**
 * Writes as long as somebody reads. A reader that has gone (`| head`) is its own affair: what was to be measured is measured
 * and stored all the same.
 */
function tolerant(stream: Writable): (text: string) => void {
  let open = true;
  stream.on('error', () => {
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** One line at the bottom that changes, and lines that scroll away above it. */
function terminalProgress(write: (text: string) => void, columns: () => number): ProgressSink {
  const clear = '\r\u001b[K';
  let status = '';
  const cut = (text: string) => (text.length < columns() ? text : `${text.slice(0, Math.max(1, columns() - 2))}…`);
  return {
    line: (text) => {
      write(`${status === '' ? '' : clear}${text}\n`);
      status = '';
    },
    status: (text) => {
      status = cut(text);
      write(`${clear}${status}`);
    },
  };
}
