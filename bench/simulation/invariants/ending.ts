// SPDX-License-Identifier: MIT
/** How a run ends, and what it leaves behind in the process. */
import { KeystormError } from '../../../vm/failure.ts';
import type { Outcome } from '../world.ts';
import type { Invariant } from './invariant.ts';

/** Every wait has a bound: no boot may take longer in virtual time. */
const mostMsOfBoot = 15 * 60_000;

export const ends: Invariant = {
  name: 'a run ends, in bounded time',
  complaints: ({ end, tookMs, plan }) => {
    if (end.how === 'never') return [`it waits for ever (after ${tookMs} ms)`];
    const most = (plan?.boots.length ?? 0) * mostMsOfBoot;
    return tookMs > most ? [`it took ${tookMs} ms, at most ${most} are allowed`] : [];
  },
};

export const leavesNothing: Invariant = {
  name: 'a run leaves no timer, no open file and no error that nobody caught',
  complaints: ({ pendingTimers, openFiles, uncaught }) => [
    ...(pendingTimers > 0 ? [`${pendingTimers} timers are pending`] : []),
    ...(openFiles > 0 ? [`${openFiles} files are open`] : []),
    ...uncaught.map((error) => `nobody caught ${error instanceof Error ? error.stack : String(error)}`),
  ],
};

export const refusesWithReason: Invariant = {
  name: 'what is thrown is one sentence with an exit code, and rightly thrown',
  complaints: ({ end, plan, storeFailed, campaign, diaries }) => {
    const noRoom = campaign.noRoomForBoot !== null && diaries.length === campaign.noRoomForBoot;
    if (end.how === 'returned' && storeFailed) return ['the disk failed, and nobody was told'];
    if (end.how !== 'threw') return [];
    const { thrown } = end;
    if (!(thrown instanceof KeystormError))
      return [`${thrown instanceof Error ? thrown.stack : String(thrown)} was thrown, which is no KeystormError`];
    const { message, exitCode } = thrown;
    const due = plan === null ? 2 : 3;
    return [
      ...(message.includes('\n') || !/[.]$/.test(message) ? [`"${message}" is not one sentence`] : []),
      ...(exitCode === due ? [] : [`the exit code is ${exitCode}, ${due} would be right`]),
      ...(plan === null || storeFailed || noRoom ? [] : [`"${message}", though nothing was wrong with the disk`]),
    ];
  },
};

export const stopsGuests: Invariant = {
  name: 'every guest is told to end, and is gone before another is made',
  complaints: ({ diaries, overlaps }) => {
    const deaf = diaries.filter(({ happened }) => happened.includes('deaf'));
    return [
      ...diaries
        .filter(({ stops }) => stops === 0)
        .map(({ boot }) => `the guest of boot ${boot} was never told to end`),
      ...diaries
        .filter((diary) => !diary.gone && !deaf.includes(diary))
        .map(({ boot }) => `the guest of boot ${boot} is still there`),
      ...(overlaps > 0 && deaf.length === 0 ? ['there were two guests at once'] : []),
    ];
  },
};

/** How the run went on after something went wrong with it as a whole. */
export const bootsInTurn: Invariant = {
  name: 'every boot of the plan is tried in turn, unless somebody interrupts or the disk fails',
  complaints: (outcome: Outcome) => {
    const { plan, end, diaries, interrupted } = outcome;
    if (plan === null || end.how !== 'returned') return [];
    const { value } = end;
    if (!interrupted && value.length !== plan.boots.length)
      return [`${value.length} of ${plan.boots.length} boots were tried, though nobody interrupted`];
    const early = value.slice(0, -1).indexOf('aborted');
    return [
      ...(early >= 0 ? [`boot ${early} was aborted, and another one tried`] : []),
      ...(value.length === diaries.length ? [] : [`${diaries.length} guests were made for ${value.length} boots`]),
      ...(value.includes('aborted') && !interrupted ? ['a boot was aborted, though nobody interrupted'] : []),
    ];
  },
};
