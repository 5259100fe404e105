// SPDX-License-Identifier: MIT
/** A fault: something that is done to an upcall on purpose, as data. What is done is code of the guest or of the machine. */

/** What a fault is done to. */
export const targets = ['agent', 'requester', 'container', 'guest', 'host'] as const;
export type Target = (typeof targets)[number];

/**
 * Who does it. 'window': the guest's runner, at a time within a window, beside any workload. 'check': a program of the
 * guest that tries one thing. 'workload': the requesters themselves, by what they ask for and how.
 */
export type By = 'window' | 'check' | 'workload';

/**
 * Without which it cannot be done: agents, a second processor, a kernel on which allocations can be made to fail, a container whose
 * requesters do nothing else, a machine that can be thrown away.
 */
export const needs = ['agents', 'smp-2', 'failslab', 'idle-container', 'disposable'] as const;
export type Need = (typeof needs)[number];

export interface Fault {
  /** `[a-z0-9-]`, at most 32 characters; that of a window's is a word of the guest's plan. */
  readonly name: string;
  /** The rows of the catalogue that it stands for. */
  readonly rows: readonly [number, ...number[]];
  /** What is done, and how it ends, in one sentence without a full stop. */
  readonly what: string;
  readonly target: Target;
  readonly by: By;
  readonly needs: readonly Need[];
  /** How much of it, where that can be chosen. */
  readonly amount?: { readonly unit: string; readonly least: number; readonly most: number; readonly usual: number };
  /** With fewer requests a second in a container it may not take effect. */
  readonly leastRate?: number;
  /** Shorter than that, in ms, it may not take effect under a light load. */
  readonly leastMs?: number;
  /** Under a light load it meets nobody but while this one, of an agent, is on too. */
  readonly during?: string;
  /** Words of a picture's legend for the time from injection to clearing. */
  readonly shade: string;
}

/** What an upcall path must survive, whoever brings it about. */
export interface Row {
  readonly row: number;
  readonly what: string;
  /** What the manual pages, else today's kernel, else reason demand. */
  readonly expected: string;
}
