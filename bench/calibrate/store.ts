// SPDX-License-Identifier: MIT
/** Where certificates are kept, and which one is about a run. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileIndent } from '../../results/manifest.ts';
import type { StoredRun } from '../../results/run-reader.ts';
import { makeFolderSync } from '../../vm/host/folder.ts';
import type { Sides } from '../compare/side.ts';
import { type Certificate, certificateSchema } from './certificate.ts';
import { citation, withoutFloors } from './text.ts';

/** Beside the runs, and like them not in git. */
export const calibrationsDir = fileURLToPath(new URL('../../results/calibrations', import.meta.url));
/** In a run's folder: the certificate of its host, as it was then. */
export const certificateFile = 'calibration.json';

/** Writes it where later runs of the host find it. Returns the file. */
export function keepCertificate(certificate: Certificate, dir = calibrationsDir): string {
  makeFolderSync(dir);
  return writeCertificate(certificate, path.join(dir, `${certificate.createdAt.replaceAll(':', '-')}.json`));
}

/** Returns the file. */
export function writeCertificate(certificate: Certificate, file: string): string {
  writeFileSync(file, `${JSON.stringify(certificate, null, fileIndent)}\n`);
  return file;
}

/**
 * Puts the certificate of the run's host and kind of guest into its folder that is of the most like work, of several the newest; nothing where there is
 * none. What one says of another kernel or mechanism is a hint (its citation names both): how much guests vary is not the same for all.
 */
export function citeIn(run: StoredRun, dir = calibrationsDir): void {
  if (existsSync(path.join(run.dir, certificateFile)) || !existsSync(dir)) return;
  const [best] = readdirSync(dir)
    .sort()
    .reverse()
    .flatMap((name) => {
      const certificate = readCertificate(path.join(dir, name));
      return certificate !== null && fits(certificate, run) ? [{ name, likeness: likeness(certificate, run) }] : [];
    })
    .sort((a, b) => b.likeness - a.likeness);
  if (best !== undefined) copyFileSync(path.join(dir, best.name), path.join(run.dir, certificateFile));
}

/** How much of the run's kernel, mechanisms and scenarios it is of. */
function likeness({ kernel, mechanisms, scenarios }: Certificate, { manifest: { plan }, records }: StoredRun): number {
  const booted = records.some((record) => record.kind === 'boot-start' && record.description.kernel === kernel);
  const share = (names: readonly string[], own: readonly string[]) =>
    names.filter((name) => own.includes(name)).length / Math.max(1, names.length);
  const { cells } = plan;
  return (
    (booted ? 1 : 0) +
    share(withoutFloors([...new Set(cells.map(({ mechanism }) => mechanism.name))]), mechanisms) +
    share([...new Set(cells.map(({ scenario }) => scenario))], scenarios)
  );
}

/** The certificate in a run's folder; null where there is none, or none that can be read. */
export function certificateOf(run: Pick<StoredRun, 'dir'>): Certificate | null {
  return readCertificate(path.join(run.dir, certificateFile));
}

function readCertificate(file: string): Certificate | null {
  try {
    const parsed = certificateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Of another processor, accelerator or number of virtual processors it says nothing of the run. */
function fits({ host, machine, accelerator, smp, clock }: Certificate, { manifest, records }: StoredRun): boolean {
  const start = records.find((record) => record.kind === 'boot-start');
  if (start === undefined) return false;
  const { description } = start;
  // Whoever emulates a processor has no part in what it counts.
  const sameHost =
    clock === 'icount' ||
    [host.name, host.cpuModel, host.cpus].join() ===
      [manifest.host.name, manifest.host.cpuModel, manifest.host.cpus].join();
  return (
    sameHost &&
    [machine, accelerator, smp, clock].join() ===
      [description.machine, description.accelerator, description.smp, description.clock].join()
  );
}

/** What is to be said, with two sides, of the host that measured new; nothing where it was not calibrated. */
export function citationsOf({ new: other }: Sides): string[] {
  const certificate = certificateOf(other.run);
  return certificate === null ? [] : [citation(certificate)];
}
