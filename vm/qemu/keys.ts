// SPDX-License-Identifier: MIT
/** Keys of one boot: made for it, handed over in a second initrd, forgotten with it. The client's never touches a disk. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type ArchiveEntry, file, folder } from '../image/newc.ts';

export interface BootKeys {
  /** The client's private key in OpenSSH's format. */
  readonly clientKey: string;
  /** The host's public key as it appears on the wire. */
  readonly hostPublic: Buffer;
  /** What the guest gets: its host key and whom to let in. */
  readonly entries: readonly ArchiveEntry[];
}

const keyType = 'ssh-ed25519';

/** New client and host keys. */
export function makeBootKeys(): BootKeys {
  const client = ed25519();
  const host = ed25519();
  const authorised = `no-port-forwarding,no-agent-forwarding,no-X11-forwarding ${keyType} ${publicBlob(client).toString('base64')}\n`;
  return {
    clientKey: openSshPrivateKey(client),
    hostPublic: publicBlob(host),
    entries: [
      folder('etc/dropbear', 0o700),
      file('etc/dropbear/host_key', dropbearPrivateKey(host), 0o600),
      folder('root/.ssh', 0o700),
      file('root/.ssh/authorized_keys', authorised, 0o600),
    ],
  };
}

interface KeyPair {
  readonly secret: Buffer;
  readonly point: Buffer;
}

function ed25519(): KeyPair {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (jwk.d === undefined || jwk.x === undefined) throw new TypeError('an Ed25519 key without its parts');
  return { secret: Buffer.from(jwk.d, 'base64url'), point: Buffer.from(jwk.x, 'base64url') };
}

function publicBlob(pair: KeyPair): Buffer {
  return Buffer.concat([text(keyType), text(pair.point)]);
}

/** OpenSSH's PROTOCOL.key, unencrypted. */
function openSshPrivateKey(pair: KeyPair): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    publicBlob(pair),
    text(Buffer.concat([pair.secret, pair.point])),
    text(''),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    one,
    text(publicBlob(pair)),
    text(Buffer.concat([secret, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Dropbear keeps a key as its type, then secret and public point as one string. */
function dropbearPrivateKey(pair: KeyPair): Buffer {
  return Buffer.concat([text(keyType), text(Buffer.concat([pair.secret, pair.point]))]);
}

/** A string of the SSH protocol: its length, then its bytes. */
function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
