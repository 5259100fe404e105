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
import { citation } from './text.ts';

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

/** Puts the newest certificate of the run's host and kind of guest into its folder; nothing where there is none. */
export function citeIn(run: StoredRun, dir = calibrationsDir): void {
  if (existsSync(path.join(run.dir, certificateFile)) || !existsSync(dir)) return;
  const files = readdirSync(dir).sort().reverse();
  const fitting = files.find((name) => {
    const certificate = readCertificate(path.join(dir, name));
    return certificate !== null && fits(certificate, run);
  });
  if (fitting !== undefined) copyFileSync(path.join(dir, fitting), path.join(run.dir, certificateFile));
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
