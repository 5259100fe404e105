// SPDX-License-Identifier: MIT

/** Names that `--format` takes. */
export const exportFormats = [
  'junit',
  'benchstat',
  'github-benchmark-smaller',
  'github-benchmark-bigger',
  'openmetrics',
] as const;

export type ExportFormat = (typeof exportFormats)[number];
