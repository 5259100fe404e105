// SPDX-License-Identifier: MIT
/**
 * Writes a run folder. Everything is synchronous on purpose: a record is in the kernel's hands when `append` returns, so
 * a harness that is killed loses nothing it had appended, and a host that loses power nothing older than the last `sync`.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KeystormError } from '../vm/failure.ts';
import {
  closeQuietly,
  type FileOps,
  realFileOps,
  removeIfPossible,
  syncFolder,
  writeAtomically,
  writeFully,
} from './file-ops.ts';
import { endSchema, fileIndent, type Manifest, manifestChecker, runFiles } from './manifest.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';
import {
  encodeRecord,
  type RecordBody,
  type RecordOf,
  type RunRecord,
  recordChecker,
  recordVersion,
} from './records.ts';
import { seal } from './seal.ts';
import { isSystemError, isTroubleIn, storageError } from './storage-error.ts';
import { logToTakeUp } from './taking-up.ts';

/** The host's clocks, as records are stamped with them. */
export interface HostClock {
  now(): Date;
  /** Monotonic ns from an arbitrary start. */
  monotonicNs(): bigint;
}

export const realHostClock: HostClock = { now: () => new Date(), monotonicNs: () => process.hrtime.bigint() };

export interface RunWriterOptions {
  readonly clock?: HostClock;
  readonly files?: FileOps;
}

export interface ResumeOptions extends RunWriterOptions {
  readonly reading?: ReadOps;
}

/** What a run has already when it is taken up again. */
interface Before {
  readonly records: number;
  readonly bytes: number;
  readonly hostNs: number;
  readonly resumptions: number;
}

export class RunWriter {
  /** How often the run was taken up again, this time included. */
  readonly resumptions: number;
  readonly #files: FileOps;
  readonly #clock: HostClock;
  readonly #startNs: bigint;
  #fd: number | null;
  #seq = 0;
  /** Bytes of whole records written; what is beyond it is torn. */
  #length = 0;
  /** Why nothing can be written any more. */
  #broken: KeystormError | null = null;

  private constructor(
    readonly dir: string,
    fd: number,
    files: FileOps,
    clock: HostClock,
    before: Before = { records: 0, bytes: 0, hostNs: 0, resumptions: 0 },
  ) {
    this.#fd = fd;
    this.#files = files;
    this.#clock = clock;
    this.#seq = before.records;
    this.#length = before.bytes;
    this.resumptions = before.resumptions;
    this.#startNs = clock.monotonicNs() - BigInt(before.hostNs);
  }

  /**
   * Starts a run in `dir`, which is made if need be and may hold other files, but no run.
   * KeystormError: 2 when there is a run already, 3 when it cannot be written.
   */
  static create(dir: string, manifest: Manifest, options: RunWriterOptions = {}): RunWriter {
    const files = options.files ?? realFileOps;
    demandNoRun(dir);
    const text = `${seal(manifestChecker().parse(manifest), fileIndent)}\n`;
    const log = join(dir, runFiles.frames);
    let fd: number | null = null;
    try {
      files.mkdir(dir);
      // The log first: a manifest is the sign of a run, and a run always has a log.
      fd = files.open(log, isOnlyBegun(dir) ? 'a' : 'wx');
      writeAtomically(files, dir, runFiles.manifest, text);
    } catch (error) {
      // Nothing is recorded yet, and what is half there would only be in the way of another try.
      if (fd !== null) {
        closeQuietly(files, fd);
        for (const file of [log, join(dir, runFiles.manifest)]) removeIfPossible(files, file);
      }
      if (!isSystemError(error)) throw error;
      throw storageError(`Cannot begin the run in ${dir}`, error, 'nothing was recorded');
    }
    return new RunWriter(dir, fd, files, options.clock ?? realHostClock);
  }

  /**
   * Takes up a run that was cut off, to do the boots `again`: a torn last line is cut off, the mark of an end that came too early is
   * taken away, and from here on earlier records of these boots no longer count. The run must have been read before, by readRun.
   * KeystormError: 2 when it is damaged otherwise than at its end, 3 when it cannot be written.
   */
  static resume(
    dir: string,
    { again, tool }: Pick<RecordOf<'resumed'>, 'again' | 'tool'>,
    options: ResumeOptions = {},
  ): RunWriter {
    const files = options.files ?? realFileOps;
    const path = join(dir, runFiles.frames);
    let fd: number | null = null;
    try {
      const { log, bytes } = logToTakeUp(dir, options.reading ?? realReadOps);
      fd = files.open(path, 'a');
      if (log.length < bytes) files.truncate(fd, log.length);
      removeIfPossible(files, join(dir, runFiles.end));
      syncFolder(files, dir);
      const resumptions = 1 + log.records.filter(({ kind }) => kind === 'resumed').length;
      const hostNs = log.records.at(-1)?.hostNs ?? 0;
      const before = { records: log.records.length, bytes: log.length, hostNs, resumptions };
      const writer = new RunWriter(dir, fd, files, options.clock ?? realHostClock, before);
      writer.append({ kind: 'resumed', boot: null, again: [...again], tool });
      writer.sync();
      return writer;
    } catch (error) {
      if (fd !== null) closeQuietly(files, fd);
      if (!isSystemError(error)) throw error;
      throw storageError(`Cannot take up the run in ${dir}`, error, 'what was recorded stays readable');
    }
  }

  /** Makes a folder in the run's, for what only people read, and returns its path. */
  makeFolder(name: string): string {
    const path = join(this.dir, name);
    this.#guard(() => this.#files.mkdir(path));
    return path;
  }

  /** The sentence for an error at a file that somebody else writes in the run's folder; null if it is none of a disk's. */
  storageErrorOf(error: unknown): KeystormError | null {
    return isTroubleIn(error, this.dir) ? this.#storageError(error) : null;
  }

  /** Appends one record and returns it as stored. */
  append(body: RecordBody): RunRecord {
    return this.#guard((fd) => {
      const record = recordChecker().parse({
        v: recordVersion,
        seq: this.#seq,
        at: this.#clock.now().toISOString(),
        hostNs: Number(this.#clock.monotonicNs() - this.#startNs),
        ...body,
      });
      const line = Buffer.from(`${encodeRecord(record)}\n`, 'utf8');
      writeFully(this.#files, fd, line);
      this.#length += line.length;
      this.#seq++;
      return record;
    });
  }

  /** Returns once everything appended survives a power cut. Call it after each window's frames and at a boot's end. */
  sync(): void {
    this.#guard((fd) => this.#files.sync(fd));
  }

  /** Ends the run: no more records. Only a run that has come this far can ever be read as complete. */
  finish(status: 'complete' | 'aborted'): void {
    this.#guard((fd) => {
      this.#files.sync(fd);
      const end = endSchema.parse({
        schema: 'keystorm/run-end/1',
        status,
        at: this.#clock.now().toISOString(),
        records: this.#seq,
      });
      try {
        writeAtomically(this.#files, this.dir, runFiles.end, `${seal(end, fileIndent)}\n`);
      } catch (error) {
        // Perhaps it is there, but nobody knows whether it would survive a power cut: then the run has no end.
        removeIfPossible(this.#files, join(this.dir, runFiles.end));
        throw error;
      }
    });
    this.close();
  }

  /** Lets go of the file without ending the run; a reader will call it incomplete. Harmless after `finish`. Never throws. */
  close(): void {
    if (this.#fd === null) return;
    closeQuietly(this.#files, this.#fd);
    this.#fd = null;
  }

  #storageError(error: NodeJS.ErrnoException): KeystormError {
    return storageError(`Cannot write the run in ${this.dir}`, error, 'what was recorded before stays readable');
  }

  /** After a write has failed, the torn line is cut off and every further call repeats the first error. */
  #guard<T>(action: (fd: number) => T): T {
    if (this.#broken !== null) throw this.#broken;
    if (this.#fd === null) throw new KeystormError(`The run in ${this.dir} is already ended.`, 3);
    try {
      return action(this.#fd);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#broken = this.#storageError(error);
      try {
        this.#files.truncate(this.#fd, this.#length);
      } catch {
        // A reader recovers from a torn last line as well.
      }
      throw this.#broken;
    }
  }
}

/** KeystormError (2) when no run can be started in `dir`, because there is one, or because it is no folder. */
export function demandNoRun(dir: string): void {
  if (existsSync(dir) && !statSync(dir).isDirectory()) {
    throw new KeystormError(`${dir} is not a folder; give --out another name.`, 2);
  }
  const found = Object.values(runFiles).find((name) => existsSync(join(dir, name)));
  if (found !== undefined && !isOnlyBegun(dir)) {
    throw new KeystormError(`${dir} already holds a run (${found}); give --out another folder.`, 2);
  }
}

/** A log without a word or a manifest: whoever made it was killed before there was a run, and another may begin one here. */
function isOnlyBegun(dir: string): boolean {
  const [log, ...others] = [runFiles.frames, runFiles.manifest, runFiles.end].map((name) => join(dir, name));
  return log !== undefined && existsSync(log) && statSync(log).size === 0 && !others.some((file) => existsSync(file));
}
