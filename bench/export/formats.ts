// SPDX-License-Identifier: MIT
/** Formats in which others read a run: a row here, its name in format-names.ts, and a file beside this one. */
import { benchstatText } from './benchstat.ts';
import type { Exporter } from './exportable.ts';
import type { ExportFormat } from './format-names.ts';
import { githubBenchmark } from './github-benchmark.ts';
import { junit } from './junit.ts';
import { openMetrics } from './openmetrics.ts';

export const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  junit,
  benchstat: benchstatText,
  'github-benchmark-smaller': (exportable) => githubBenchmark(exportable, 'lower'),
  'github-benchmark-bigger': (exportable) => githubBenchmark(exportable, 'higher'),
  openmetrics: openMetrics,
};
