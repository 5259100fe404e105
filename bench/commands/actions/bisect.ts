import { KeystormError } from '../../../vm/failure.ts';
import { parseSubject, type Subject } from '../../pair/subject.ts';
import type { CommandContext } from '../context.ts';
import { measuredAndCompared, type PairingFlags } from './pair.ts';

export interface BisectFlags extends PairingFlags {
  readonly base: string;
  readonly new?: string;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function bisect(flags: BisectFlags, context: CommandContext): Promise<number> {
  const base = parseSubject('--base', flags.base);
  const asked = flags.new === undefined ? workingTree(base, flags.base) : parseSubject('--new', flags.new);
  const code = await measuredAndCompared({ base, new: asked }, flags, context);
  context.output.progress.line(`bisect   ${words[code] ?? 'interrupted'}`);
  return code;
}

const words: Readonly<Record<number, string>> = { 0: 'good', 1: 'bad', 4: 'cannot be told' };

/** The same guest with the modules as they are checked out. @throws KeystormError (2) when it is the same altogether. */
export function workingTree({ module, ...guest }: Subject, text: string): Subject {
  if (module !== undefined) return guest;
  throw new KeystormError(
    `--base ${text} has no module, and would be held against itself: add module=REVISION, or say --new.`,
  );
}
