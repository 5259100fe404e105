// SPDX-License-Identifier: MIT
/** Formats in which others read a run: a row here, and a file beside this one. */
import { benchstatText } from './benchstat.ts';
import type { Exporter } from './exportable.ts';
import { githubBenchmark } from './github-benchmark.ts';
import { junit } from './junit.ts';
import { openMetrics } from './openmetrics.ts';

export const exporters = {
  junit,
  benchstat: benchstatText,
  'github-benchmark-smaller': (exportable) => githubBenchmark(exportable, 'lower'),
  'github-benchmark-bigger': (exportable) => githubBenchmark(exportable, 'higher'),
  openmetrics: openMetrics,
} as const satisfies Readonly<Record<string, Exporter>>;

export type ExportFormat = keyof typeof exporters;

/** Names that `--format` takes. */
export const exportFormats = Object.keys(exporters) as readonly ExportFormat[];
