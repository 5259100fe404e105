// SPDX-License-Identifier: MIT
/** A table before it is drawn, on a terminal or on a page: texts, and in lines below it why some are dashes. */
import Table from 'cli-table3';
import { type PerBoot, reasonsMissing } from '../figures.ts';
import { type Format, stacked } from '../spread.ts';

export interface TableModel {
  readonly title: string;
  readonly head: readonly string[];
  /** A cell's first line is its figure, what follows a line break belongs to it: the range over boots. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Figures on their way into cells, and the reasons of those that are missing. */
export class Notes {
  readonly #columns = new Map<string, { readonly row: string; readonly reason: string; readonly columns: string[] }>();

  /** Median and range; a dash, and a note, for boots that lack it. A figure that nobody asked for (undefined) is n/a. */
  cell(row: string, column: string, figure: PerBoot | undefined, format: Format): string {
    if (figure === undefined) return 'n/a';
    this.because(row, column, reasonsMissing(figure));
    return stacked(figure, format);
  }

  /** The same reason for several columns of a row is one line. */
  because(row: string, column: string, reason: string): void {
    if (reason === '') return;
    const key = JSON.stringify([row, reason]);
    const found = this.#columns.get(key) ?? { row, reason, columns: [] };
    this.#columns.set(key, found);
    if (!found.columns.includes(column)) found.columns.push(column);
  }

  /** Rows that lack the same columns for the same reason are one line: `p90, p99 of stock, stock-minimal: too-few-samples in boot 0`. */
  lines(): string[] {
    const lines = new Map<string, { readonly what: string; readonly reason: string; readonly rows: string[] }>();
    for (const { row, reason, columns } of this.#columns.values()) {
      const what = columns.join(', ');
      const key = JSON.stringify([what, reason]);
      const line = lines.get(key) ?? { what, reason, rows: [] };
      lines.set(key, line);
      line.rows.push(row);
    }
    return [...lines.values()].map(({ what, reason, rows }) => `${what} of ${rows.join(', ')}: ${reason}`);
  }
}

/** No rule between rows: what stands below a first line is in brackets. */
const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** As it looks on a terminal, without its title. */
export function terminalTable({ head, rows, notes }: TableModel): string {
  const table = new Table({ head: [...head], chars: noRules, style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  return [table.toString(), ...notes.map((note) => `  – ${note}`)].join('\n');
}
