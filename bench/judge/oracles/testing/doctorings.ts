// SPDX-License-Identifier: MIT
/** Changes of a run's frames that make an oracle fire, or say unknown. */
import type { Frame } from '../../../../results/frames.ts';
import type { Unnumbered } from '../../../../results/testing/frames.ts';
import type { Doctoring } from '../../../../results/testing/runs.ts';

type Of<T extends Frame['t']> = Extract<Unnumbered, { t: T }>;

/** Changes frames of one type in boot 1 only: what is wrong once is wrong. */
export function changing<T extends Frame['t']>(t: T, change: (frame: Of<T>) => Partial<Of<T>> | null): Doctoring {
  return {
    frame: (frame, boot) => {
      if (frame.t !== t || boot !== 1) return frame;
      const changes = change(frame as Of<T>);
      return changes === null ? null : ({ ...frame, ...changes } as Unnumbered);
    },
  };
}

/** One after the other. */
export const both = (first: Doctoring, second: Doctoring): Doctoring => ({
  frame: (frame, boot) => {
    const changed = first.frame === undefined ? frame : first.frame(frame, boot);
    return changed === null || second.frame === undefined ? changed : second.frame(changed, boot);
  },
});

/** Drops every frame of that type in boot 1. */
export const dropping = (t: Frame['t']): Doctoring => changing(t, () => null);

/** Changes windows in boot 1: all, those of a container, or the one of an index among these. */
export const inWindow = (changes: Partial<Of<'window'>>, container?: string, index?: number): Doctoring =>
  changing('window', (frame) =>
    (container ?? frame.container) === frame.container && (index ?? frame.index) === frame.index ? changes : {},
  );

/** What makes most oracles say unknown, and how they say it. */
export const noWindows = [dropping('window'), /boot 1: .*windows were not reported/] as const;
export const cutShort = [inWindow({ truncated: true }), /ledger was full/] as const;
const panic: Doctoring = { panicBefore: (frame, boot) => boot === 1 && frame.t === 'cell' };
export const panicked = [panic, /guest-panic/] as const;
