// SPDX-License-Identifier: MIT
/** Connects the terminal that a user sits at with one in a guest: every key goes there, Ctrl-C among them. */
import type { ReadStream, WriteStream } from 'node:tty';
import type { Terminal, TerminalSize } from '../../vm/machine.ts';

export type UsersTerminal = {
  readonly input: Pick<ReadStream, 'setRawMode' | 'pause' | 'unpipe'> & NodeJS.ReadableStream;
  readonly output: Pick<WriteStream, 'columns' | 'rows' | 'off'> & NodeJS.WritableStream;
  /** As in $TERM. */
  readonly type: string;
};

/** Until the command ends; its exit status. Rejects as the terminal does; the user's terminal is as it was before either way. */
export async function sit(
  terminal: Terminal,
  command: string,
  { input, output, type }: UsersTerminal,
): Promise<number> {
  const size = (): TerminalSize => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 });
  const session = await terminal.open(command, size(), type);
  const resized = () => session.resize(size());
  output.on('resize', resized);
  input.setRawMode(true);
  input.pipe(session.stream);
  session.stream.on('data', (chunk: Buffer) => output.write(chunk));
  session.stream.on('error', () => undefined);
  try {
    return await session.ended;
  } finally {
    output.off('resize', resized);
    input.unpipe(session.stream as NodeJS.WritableStream);
    input.setRawMode(false);
    input.pause();
  }
}
