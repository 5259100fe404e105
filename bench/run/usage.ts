// SPDX-License-Identifier: MIT
/** What this process has used of the host. */

/** Since arbitrary starts: only differences of two readings mean something. */
export interface Usage {
  /** The host's monotonic clock, ns. */
  readonly wallNs: number;
  /** Processor time of all threads of this process, in user and kernel mode, ns. */
  readonly cpuNs: number;
}

export type ReadUsage = () => Usage;

export const processUsage: ReadUsage = () => {
  const { user, system } = process.cpuUsage();
  return { wallNs: Number(process.hrtime.bigint()), cpuNs: (user + system) * 1_000 };
};
