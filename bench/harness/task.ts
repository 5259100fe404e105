// SPDX-License-Identifier: MIT
/** Something the harness does, as it can be measured: prepared once, then done again and again. */
export interface HarnessTask {
  readonly group: 'codec' | 'reader' | 'statistics' | 'plan' | 'report';
  readonly name: string;
  /** What one operation gets through, for a rate; absent: only operations a second are of interest. */
  readonly per?: { readonly count: number; readonly unit: 'frame' | 'record' | 'byte' | 'value' | 'cell' };
  /** One operation. What it returns is used for nothing but to be there. */
  readonly operation: () => unknown;
}
