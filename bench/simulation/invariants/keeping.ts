// SPDX-License-Identifier: MIT
/** Whether what was heard is kept, and what was kept is found again. */
import type { RunRecord } from '../../../results/records.ts';
import { KeystormError } from '../../../vm/failure.ts';
import type { Outcome } from '../world.ts';
import { alike } from './alike.ts';
import { audible, isRecordOf, linesOf, showsDamage } from './hearing.ts';
import { foundIn, type Invariant } from './invariant.ts';

export const heardIsKept: Invariant = {
  name: 'every line that a guest got through is recorded as it came, in order',
  complaints: ({ appended, diaries, end }) =>
    diaries.flatMap((diary) => {
      const { boot, happened } = diary;
      const [recorded, heard] = [linesOf(appended, boot), audible(diary)];
      const wrong = recorded.findIndex((record, i) => {
        const line = heard[i];
        return line === undefined || !isRecordOf(record, line);
      });
      if (wrong >= 0) return [`boot ${boot}: record ${wrong} of its lines is ${recorded[wrong]?.kind}, not what came`];
      const outcome = end.how === 'returned' ? end.value[boot] : 'aborted';
      // Where nobody listened any more, and the guest went on, some of it was not heard.
      const unheard = outcome === 'aborted' || happened.includes('deaf');
      if (unheard || recorded.length === heard.length) return [];
      return [`boot ${boot}: ${recorded.length} of ${heard.length} lines were recorded`];
    }),
};

export const keptIsFound: Invariant = {
  name: 'the reader finds exactly what was appended',
  complaints: (outcome) => {
    const { found, appended, plan, end } = outcome;
    if ('run' in found) return differences(found.run.records, appended, appended.length);
    if (!(found.thrown instanceof KeystormError)) return [`reading threw ${stackOf(found.thrown)}`];
    const begun = appended.length > 0 || (plan !== null && end.how === 'returned');
    return begun ? [`what was recorded cannot be read: ${found.thrown.message}`] : [];
  },
};

export const cutIsPrefix: Invariant = {
  name: 'a harness that is killed leaves all that it appended, a power cut all that was synced, and no such run is whole',
  complaints: ({ left, appended, campaign }) => {
    if (left === null || campaign.cut === null) return [];
    const { found } = left;
    // The record after which it is to be synced may be the last that was written.
    const due =
      1 +
      appended
        .slice(0, Math.max(0, left.appended - 1))
        .map(endsWindowOrBoot)
        .lastIndexOf(true);
    if (left.synced < due) return [`${left.synced} records were synced, ${due} of ${left.appended} had to be`];
    const promised = campaign.cut.how === 'killed' ? left.appended : left.synced;
    if ('thrown' in found) {
      if (!(found.thrown instanceof KeystormError)) return [`reading threw ${stackOf(found.thrown)}`];
      return promised > 0 || (left.begun && left.appended > 0) ? ['what was promised cannot be read'] : [];
    }
    const { records, status } = found.run;
    return [
      ...differences(records, appended, promised),
      ...(status === 'complete' && left.appended !== records.length ? ['it reads as complete and is not'] : []),
      ...(found.overall === 'pass' && status !== 'complete' ? ['it is judged pass and is not whole'] : []),
    ];
  },
};

/** What was written up to here must survive a power cut from then on. */
function endsWindowOrBoot(record: RunRecord): boolean {
  if (record.kind === 'frame') return record.frame.t === 'window' || record.frame.t === 'done';
  return record.kind === 'boot-end';
}

/** `records` must be a prefix of `of`, of at least so many. */
function differences(records: readonly RunRecord[], of: readonly RunRecord[], least: number): string[] {
  // Both have their properties in the order of the schema; one that is there and undefined is not written.
  const wrong = records.findIndex(
    (record, i) => !alike(record, of[i]) && JSON.stringify(record) !== JSON.stringify(of[i]),
  );
  return [
    ...(wrong >= 0 ? [`record ${wrong} is not what was appended`] : []),
    ...(records.length < least ? [`${records.length} records are found, ${least} must be there`] : []),
  ];
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

export const bootsAreClosed: Invariant = {
  name: 'the records of a boot are its start, its lines, what went wrong and its end, once each',
  complaints: (outcome) => {
    const { appended, diaries, end } = outcome;
    const complaints = diaries.flatMap(({ boot }) => {
      const kinds = appended.filter((record) => record.boot === boot).map(({ kind }) => letters[kind]);
      const whole = kinds.join('');
      // The disk may fail anywhere; then the reason is recorded if that is possible, and nothing after it.
      const form = end.how === 'threw' ? /^(s(l*))?(f|a)?e?$/ : /^(s(l*))?(f|a)?e$/;
      const problems = form.test(whole) ? [] : [`boot ${boot}: its records are ${whole}`];
      const closed = appended.find((record) => record.kind === 'boot-end' && record.boot === boot);
      const outcomeOf = closed?.kind === 'boot-end' ? closed.outcome : null;
      const due = { done: /^sl+e$/, failed: /fe$/, aborted: /ae$/ };
      if (outcomeOf !== null && !due[outcomeOf].test(whole)) problems.push(`boot ${boot} is ${outcomeOf}, by ${whole}`);
      if (end.how === 'returned' && outcomeOf !== end.value[boot])
        problems.push(`boot ${boot}: its end says otherwise`);
      return problems;
    });
    const order = appended.flatMap(({ boot }) => (boot === null ? [] : [boot]));
    const disorder = order.some((boot, i) => boot < (order[i - 1] ?? 0));
    return disorder ? [...complaints, 'boots are mixed up'] : complaints;
  },
};

const letters: Readonly<Record<RunRecord['kind'], string>> = {
  'boot-start': 's',
  frame: 'l',
  'bad-frame': 'l',
  stray: 'l',
  harness: 'l',
  failure: 'f',
  aborted: 'a',
  'boot-end': 'e',
  resumed: 'r',
};

export const statusIsTrue: Invariant = {
  name: 'a run reads as aborted if it was, as complete if nothing is missing, and else as incomplete, with the reasons',
  complaints: (outcome) => {
    const found = foundIn(outcome);
    if (found === null) return [];
    const { status, problems } = found.run;
    const due = statusDue(outcome);
    return [
      ...(due.includes(status) ? [] : [`it reads as ${status}, and is ${due.join(' or ')}`]),
      ...(status === 'incomplete' && problems.length === 0 ? ['it is incomplete without a reason'] : []),
      ...(status === 'complete' && problems.length > 0 ? [`it is complete, though ${problems[0]}`] : []),
    ];
  },
};

function statusDue({ appended, diaries, end, interrupted, plan }: Outcome): readonly string[] {
  if (appended.some(({ kind }) => kind === 'aborted')) return ['aborted'];
  // The mark of the end could not be taken back: everything is there.
  const boots = new Set(appended.flatMap((record) => (record.kind === 'boot-end' ? [record.boot] : [])));
  const all = boots.size === plan?.boots.length;
  if (end.how !== 'returned')
    return all && !damaged(diaries, appended)
      ? ['incomplete', 'complete']
      : ['incomplete', ...(interrupted ? ['aborted'] : [])];
  if (interrupted) return ['aborted'];
  return damaged(diaries, appended) ? ['incomplete'] : ['complete'];
}

function damaged(diaries: Outcome['diaries'], appended: readonly RunRecord[]): boolean {
  return diaries.some((diary) => showsDamage(audible(diary).slice(0, linesOf(appended, diary.boot).length)));
}
