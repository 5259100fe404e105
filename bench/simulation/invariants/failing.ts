// SPDX-License-Identifier: MIT
/** Whether each failure is told for what it is, and none is told that there was not. */
import type { FailureKind } from '../../../vm/failure.ts';
import type { Diary } from '../../../vm/fake/diary.ts';
import type { MisbehaviourKind } from '../../../vm/fake/misbehaviour.ts';
import type { Outcome } from '../world.ts';
import { audible, linesOf, showsDamage } from './hearing.ts';
import type { Invariant } from './invariant.ts';

/** What ends a boot, and what its failure may be called. The first that applies counts: the cause before its effects. */
const fitting: readonly (readonly [MisbehaviourKind, readonly FailureKind[]])[] = [
  ['start-failure', ['harness-fault']],
  ['boot-failure', ['boot-failure']],
  ['no-channel', ['lost-connection']],
  ['panic', ['guest-panic']],
  ['stuck-panic', ['guest-panic']],
  // An oops that is on the console explains whatever comes after it.
  ['oops', ['oops']],
  ['reboot', ['guest-panic']],
  // An error frame that did not come through whole says nothing.
  ['torn-line', ['lost-connection']],
  ['runner-error', ['harness-fault']],
  ['hang', ['hang']],
  ['no-progress', ['timeout']],
  ['lost-connection', ['lost-connection']],
];

export const failuresFit: Invariant = {
  name: 'a boot that failed is told by a kind that fits, and a boot that did not is done',
  complaints: (outcome) => {
    if (outcome.end.how !== 'returned') return [];
    const { value } = outcome.end;
    return outcome.diaries.flatMap((diary) => {
      const { boot } = diary;
      // Whoever interrupts may have come before the failure was seen.
      if (value[boot] === 'aborted') return [];
      const due = kindsDue(diary, outcome);
      const kinds = outcome.appended.flatMap((record) =>
        record.kind === 'failure' && record.boot === boot ? [record.failureKind] : [],
      );
      if (due === null)
        return kinds.length === 0 ? [] : [`boot ${boot} is told to have failed of ${kinds.join()}, and did not`];
      const what = `boot ${boot} (${diary.happened.join(', ')})`;
      const [kind] = kinds;
      if (kind === undefined) return [`${what} is not told to have failed, ${due.join(' or ')} would be right`];
      return due.includes(kind)
        ? []
        : [`${what} is told to have failed of ${kind}, ${due.join(' or ')} would be right`];
    });
  },
};

/** What the boot's failure may be called; null if it must not have failed. */
function kindsDue(diary: Diary, { appended }: Outcome): readonly FailureKind[] | null {
  const { happened, boot } = diary;
  const deaf = happened.includes('deaf');
  // What a console showed is told by the machine as it ends: of one that does not end only the symptom is known.
  const known = happened.filter((kind) => !deaf || kind !== 'oops');
  const [cause, kinds] = fitting.find(([kind]) => known.includes(kind)) ?? [];
  if (cause === 'stuck-panic' && deaf) return ['hang'];
  const heard = audible(diary).slice(0, linesOf(appended, boot).length);
  const last = heard.at(-1);
  // The runner's own word is no symptom, if it came through; but a kernel that broke was why it gave up.
  if (last?.frame?.t === 'error' && last.intact) return known.includes('oops') ? ['oops'] : ['harness-fault'];
  if (kinds !== undefined && cause !== 'runner-error') return kinds;
  const finished = last?.frame?.t === 'done' && last.intact;
  if (showsDamage(heard) || !finished) return ['lost-connection'];
  return deaf ? ['harness-fault'] : null;
}
