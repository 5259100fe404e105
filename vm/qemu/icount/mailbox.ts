// SPDX-License-Identifier: MIT
/** The memory that a guest and the harness share, as the harness sees it: a file. Its layout is that of vm/guest/carrier/mailbox.h. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { KeystormError } from '../../failure.ts';

/** Twice what the longest plan takes (docs/guest-protocol.md); a power of two, as devices have it. */
export const mailboxBytes = 2 * 1024 * 1024;
const headBytes = 8;

/** An empty one. Throws as the file system does. */
export function makeMailbox(file: string): void {
  const fd = openSync(file, 'w', 0o600);
  try {
    ftruncateSync(fd, mailboxBytes);
  } finally {
    closeSync(fd);
  }
}

/**
 * Puts a text in, for a guest that stands still. `sequence`: more than that of the text before, 1 for the first.
 * @throws KeystormError (3) for a text that it has no room for.
 */
export function putIntoMailbox(file: string, sequence: number, text: Buffer): void {
  const room = mailboxBytes - headBytes;
  if (text.length > room)
    throw new KeystormError(`A guest that counts instructions can be told ${room} bytes, not ${text.length}.`, 3);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(sequence, 0);
  head.writeUInt32LE(text.length, 4);
  const fd = openSync(file, 'r+');
  try {
    // Together: the guest, which does not run, sees all or nothing.
    const all = Buffer.concat([head, text]);
    for (let at = 0; at < all.length; ) at += writeSync(fd, all, at, all.length - at, at);
  } finally {
    closeSync(fd);
  }
}
