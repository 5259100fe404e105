// SPDX-License-Identifier: MIT
/** What calibrations by either clock have in common. */
import path from 'node:path';
import type { StoredRun } from '../../../results/run-reader.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { makeFolderSync } from '../../../vm/host/folder.ts';
import { type Certificate, certificateSchemaName } from '../../calibrate/certificate.ts';
import { certificateFile, keepCertificate, writeCertificate } from '../../calibrate/store.ts';
import { certificateText } from '../../calibrate/text.ts';
import type { ComparisonRules } from '../../compare/figures.ts';
import { makeRunFolder, standardRunsDir } from '../../run/run-folder.ts';
import type { ComparisonFlags } from '../comparison-options.ts';
import { userPath } from '../context.ts';
import type { AccessFlags } from '../machine-options.ts';
import type { Output } from '../output.ts';
import type { WorkFlags } from '../plan-options.ts';

export interface CalibrateFlags extends WorkFlags, ComparisonFlags, AccessFlags {
  readonly kernel?: string;
  readonly blocksEach: number;
  readonly comparisons?: number;
  readonly delays?: readonly number[];
  readonly additions?: readonly number[];
  readonly trials?: number;
  readonly recorded?: string;
  readonly out?: string;
  readonly locked: boolean;
  readonly install: boolean;
  readonly json: boolean;
}

export interface CalibrationPlace {
  /** Folder of its runs; absent: new ones among the others. */
  readonly out?: string;
}

/** Where the run of that name goes. */
export function folderOf({ out }: CalibrationPlace, createdAt: Date, seed: number): (name: string) => string {
  if (out === undefined) return (name) => makeRunFolder(standardRunsDir, createdAt, seed, `-${name}`);
  return (name) => path.join(userPath(out), name);
}

/** Keeps the certificate where later runs find it, and in --out; prints it. */
export function keepAndShow(
  certificate: Certificate,
  { out, json }: CalibrationPlace & { readonly json: boolean },
  output: Output,
): void {
  // Where nothing was recorded nobody has made it.
  if (out !== undefined) makeFolderSync(userPath(out));
  // What a fake machine is worth is nobody's host's.
  const kept = [
    ...(certificate.machine === 'fake' ? [] : [keepCertificate(certificate)]),
    ...(out === undefined ? [] : [writeCertificate(certificate, path.join(userPath(out), certificateFile))]),
  ];
  for (const file of kept) output.progress.line(`kept     ${file}`);
  output.result(json ? JSON.stringify(certificate) : certificateText(certificate));
}

type Found = 'blocks' | 'blocksEach' | 'disjoint' | 'comparisons' | 'metrics' | 'alarms' | 'rejections' | 'detectable';

/** What a certificate says of how it came about. @throws KeystormError (4) for a run of which no guest was started. */
export function circumstancesOf(
  { dir, manifest, records }: StoredRun,
  how: { readonly repro: string; readonly rules: ComparisonRules },
): Omit<Certificate, Found | 'pilotNs' | 'power' | 'counted'> {
  const [description] = records.flatMap((record) => (record.kind === 'boot-start' ? [record.description] : []));
  if (description === undefined) throw new KeystormError(`No guest of ${dir} was started.`, 4);
  const { name, cpuModel, cpus } = manifest.host;
  const { machine, accelerator, smp, clock, kernel } = description;
  const { cells } = manifest.plan;
  return {
    schema: certificateSchemaName,
    createdAt: manifest.createdAt,
    repro: how.repro,
    host: { name, cpuModel, cpus },
    ...{ machine, accelerator, smp, clock, kernel },
    mechanisms: [...new Set(cells.map(({ mechanism }) => mechanism.name))],
    scenarios: [...new Set(cells.map(({ scenario }) => scenario))],
    ...{ seed: manifest.seed, alpha: how.rules.alpha, delta: how.rules.deltas.ratio },
  };
}
