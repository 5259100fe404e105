// SPDX-License-Identifier: MIT
/**
 * A disk in memory for tests: it does what a run needs of a file system, remembers what was synced, and can be looked at as it would be
 * found after a power cut.
 */
import path from 'node:path';
import type { FileOps, OpenFlags } from '../file-ops.ts';
import type { ReadOps } from '../read-ops.ts';

class File {
  bytes = Buffer.alloc(4_096);
  length = 0;
  /** So many of its bytes survive a power cut. */
  synced = 0;

  append(more: Buffer): void {
    if (this.length + more.length > this.bytes.length) {
      const grown = Buffer.alloc(2 * (this.length + more.length));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    this.length += more.copy(this.bytes, this.length);
  }

  truncate(length: number): void {
    this.length = Math.min(this.length, length);
    this.synced = Math.min(this.synced, length);
  }
}

/** A folder, or a file. */
type Node = 'folder' | File;

export class MemoryDisk implements FileOps, ReadOps {
  readonly #names = new Map<string, Node>();
  /** As they are found after a power cut: a name is safe when its folder was synced after it was made. */
  readonly #safeNames = new Map<string, Node>();
  readonly #open = new Map<number, { readonly node: Node; readonly path: string }>();
  #nextFd = 3;

  mkdir(dir: string): void {
    for (let at = dir; !this.#names.has(at) && at !== path.dirname(at); at = path.dirname(at)) {
      this.#names.set(at, 'folder');
      // Not modelled: who makes a folder would have to sync the one above it.
      this.#safeNames.set(at, 'folder');
    }
  }

  open(name: string, flags: OpenFlags): number {
    const found = this.#names.get(name);
    if (flags === 'wx' && found !== undefined) throw systemError('EEXIST', 'open', name);
    const old = flags === 'r' || flags === 'a';
    if (old && found === undefined) throw systemError('ENOENT', 'open', name);
    const node = old && found !== undefined ? found : new File();
    this.#names.set(name, node);
    const fd = this.#nextFd++;
    this.#open.set(fd, { node, path: name });
    return fd;
  }

  write(fd: number, bytes: Buffer): number {
    this.#file(fd).append(bytes);
    return bytes.length;
  }

  truncate(fd: number, length: number): void {
    this.#file(fd).truncate(length);
  }

  sync(fd: number): void {
    const { node, path: name } = this.#opened(fd);
    if (node !== 'folder') {
      node.synced = node.length;
      return;
    }
    for (const each of this.#safeNames.keys()) if (path.dirname(each) === name) this.#safeNames.delete(each);
    for (const [each, found] of this.#names) if (path.dirname(each) === name) this.#safeNames.set(each, found);
  }

  close(fd: number): void {
    this.#opened(fd);
    this.#open.delete(fd);
  }

  rename(from: string, to: string): void {
    const node = this.#names.get(from);
    if (node === undefined) throw systemError('ENOENT', 'rename', from);
    this.#names.delete(from);
    this.#names.set(to, node);
  }

  remove(name: string): void {
    if (!this.#names.delete(name)) throw systemError('ENOENT', 'unlink', name);
  }

  read(name: string): Buffer {
    const node = this.#names.get(name);
    if (node === undefined) throw systemError('ENOENT', 'open', name);
    if (node === 'folder') throw systemError('EISDIR', 'read', name);
    return node.bytes.subarray(0, node.length);
  }

  exists(name: string): boolean {
    return this.#names.has(name);
  }

  /** How many files are open. */
  get openFiles(): number {
    return this.#open.size;
  }

  /** A copy as it is now: what a harness that is killed leaves behind. */
  asItIs(): MemoryDisk {
    return copyOf(this.#names, ({ length }) => length);
  }

  /** A copy as it is found after a power cut: what was synced, and of what was written since then this share. */
  afterPowerCut(share: number): MemoryDisk {
    return copyOf(this.#safeNames, ({ synced, length }) => synced + Math.floor(share * (length - synced)));
  }

  /** For a copy: a folder, or a file with this content, that is safe. */
  put(name: string, content: Buffer | 'folder'): void {
    const node = content === 'folder' ? content : new File();
    if (node !== 'folder') {
      node.append(content as Buffer);
      node.synced = node.length;
    }
    this.#names.set(name, node);
    this.#safeNames.set(name, node);
  }

  #opened(fd: number): { readonly node: Node; readonly path: string } {
    const opened = this.#open.get(fd);
    if (opened === undefined) throw systemError('EBADF', 'close', String(fd));
    return opened;
  }

  #file(fd: number): File {
    const { node, path: name } = this.#opened(fd);
    if (node === 'folder') throw systemError('EISDIR', 'write', name);
    return node;
  }
}

/** Files and folders as they are at this moment, each file cut to a length. */
function copyOf(names: ReadonlyMap<string, Node>, lengthOf: (file: File) => number): MemoryDisk {
  const copy = new MemoryDisk();
  for (const [name, node] of names)
    copy.put(name, node === 'folder' ? node : Buffer.from(node.bytes.subarray(0, lengthOf(node))));
  return copy;
}

/** As Node.js throws it; without a stack, since simulations make ten thousands of them and nobody looks at where. */
export function systemError(code: string, syscall: string, file: string): NodeJS.ErrnoException {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return Object.assign(new Error(`${code}: it failed, ${syscall} '${file}'`), { code, syscall, path: file });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
