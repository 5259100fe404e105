// SPDX-License-Identifier: MIT
/** One side of a comparison as it is typed: `kernel=6.12,module=HEAD~1`. */
import { longestDelayNs, mostArrangement, mostPathInstructions } from '../../results/choices.ts';
import { KeystormError } from '../../vm/failure.ts';
import { unknownName } from '../plan/choose.ts';

/** What may differ between two sides; what is not said is as usual. */
export interface Subject {
  readonly kernel?: string;
  /** The folder of a kernel's build tree. */
  readonly tree?: string;
  /** A revision of the checkout, whose kernel modules are meant. */
  readonly module?: string;
  /** Its agents are busy for so many ns before each answer. */
  readonly delay?: string;
  /** Of what makes no difference, how it is arranged: a number. */
  readonly arrangement?: string;
  /** Its module executes so many instructions in vain in each upcall. */
  readonly instructions?: string;
}

const parts = ['kernel', 'tree', 'module', 'arrangement', 'delay', 'instructions'] as const;

/** @throws KeystormError (2) for what is no subject. */
export function parseSubject(option: string, text: string): Subject {
  const subject: Record<string, string> = {};
  for (const word of text.split(',')) {
    const [, name = word, value = ''] = /^([^=]*)=(.*)$/s.exec(word.trim()) ?? [];
    if (!parts.some((part) => part === name))
      throw new KeystormError(`${option} ${text}: ${unknownName('part of a guest', name, parts)}`);
    if (value === '') throw new KeystormError(`${option} ${text}: say ${name}=VALUE.`);
    if (subject[name] !== undefined) throw new KeystormError(`${option} ${text}: ${name} is said twice.`);
    subject[name] = value;
  }
  if (subject.kernel !== undefined && subject.tree !== undefined)
    throw new KeystormError(`${option} ${text}: a guest has one kernel; leave out kernel or tree.`);
  if (subject.delay !== undefined && !isCount(subject.delay, longestDelayNs))
    throw new KeystormError(`${option} ${text}: delay takes whole nanoseconds, from 1 to ${longestDelayNs}.`);
  if (subject.arrangement !== undefined && !isCount(subject.arrangement, mostArrangement))
    throw new KeystormError(`${option} ${text}: arrangement takes a whole number, from 1 to ${mostArrangement}.`);
  if (subject.instructions !== undefined && !isCount(subject.instructions, mostPathInstructions))
    throw new KeystormError(`${option} ${text}: instructions takes a whole number, from 1 to ${mostPathInstructions}.`);
  return subject;
}

function isCount(text: string, most: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most;
}
