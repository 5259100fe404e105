// SPDX-License-Identifier: MIT
/** Host keys that are known, as OpenSSH keeps them (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Certificates are not looked at. */
import { createHash, createHmac } from 'node:crypto';

/** A line of such a file, where it is one. */
export interface KnownHost {
  /** File and line, for messages. */
  readonly place: string;
  readonly revoked: boolean;
  readonly patterns: readonly string[];
  readonly type: string;
  /** As on the wire. */
  readonly key: Buffer;
}

/** What is known of a host's key. */
export type Acquaintance =
  | { readonly is: 'known' | 'unknown' }
  | { readonly is: 'changed' | 'revoked'; readonly place: string };

/** The lines of a file; what is none of ours (comments, certificate authorities, damaged lines) is left out. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index): KnownHost[] => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [hosts, type, base64] = words;
    if (hosts === undefined || hosts.startsWith('#') || type === undefined || base64 === undefined) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(base64, 'base64');
    if (key.length === 0) return [];
    const place = `${file}:${index + 1}`;
    return [{ place, revoked: marker === '@revoked', patterns: hosts.split(','), type, key }];
  });
}

/** A host and port as these files name them. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** What the lines say of the host that showed the key. A host of which another key is known has changed it, or is another host. */
export function acquaintance(lines: readonly KnownHost[], name: string, key: Buffer): Acquaintance {
  const about = lines.filter(({ patterns }) => matches(patterns, name));
  const revoked = about.find((line) => line.revoked && line.key.equals(key));
  if (revoked !== undefined) return { is: 'revoked', place: revoked.place };
  const valid = about.filter((line) => !line.revoked);
  if (valid.some((line) => line.key.equals(key))) return { is: 'known' };
  const [other] = valid;
  return other === undefined ? { is: 'unknown' } : { is: 'changed', place: other.place };
}

/** Types of the keys that are known of the host, in their order: what to ask it for first. */
export function knownTypes(lines: readonly KnownHost[], name: string): string[] {
  return [
    ...new Set(lines.filter(({ revoked, patterns }) => !revoked && matches(patterns, name)).map(({ type }) => type)),
  ];
}

/** As ssh-keygen -l shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function matches(patterns: readonly string[], name: string): boolean {
  const denied = patterns.some((pattern) => pattern.startsWith('!') && matchesOne(pattern.slice(1), name));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && matchesOne(pattern, name));
}

function matchesOne(pattern: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(pattern) ?? [];
  if (salt !== undefined && hash !== undefined)
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  const literal = pattern.toLowerCase().replace(/[.+^$()[\]{}|\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}
