// SPDX-License-Identifier: MIT
/** Files onto a machine by nothing but a shell: what is reached need have neither sftp nor scp. */
import { shellQuoted } from '../host/program.ts';
import type { ShellResult } from '../machine.ts';

export interface FileToPut {
  /** On the machine, absolute. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

/** Runs a shell command there with `input` on its standard input. */
export type RunThere = (command: string, input: Buffer) => Promise<ShellResult>;

/**
 * Writes the file and makes its folder. It is there whole or not at all, unless the machine ends meanwhile. Rejects as `run` does, and
 * with an Error that says why the machine would not have it.
 */
export async function putFile(run: RunThere, { path, mode, bytes }: FileToPut): Promise<void> {
  const { code, stderr } = await run(putCommand(path, mode), bytes);
  if (code !== 0) throw new Error(`${path} cannot be written there: ${stderr.trim()}`);
}

function putCommand(path: string, mode: number): string {
  const [to, incoming] = [shellQuoted(path), shellQuoted(`${path}.incoming`)];
  const folder = shellQuoted(path.slice(0, path.lastIndexOf('/')) || '/');
  const write = `cat >${incoming} && chmod ${mode.toString(8)} ${incoming} && mv -f ${incoming} ${to}`;
  return `mkdir -p ${folder} && { { ${write}; } || { rm -f ${incoming}; false; }; }`;
}
