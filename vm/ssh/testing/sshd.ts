// SPDX-License-Identifier: MIT
/** An sshd in this process, for tests: what commands come to is up to the test. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { makeBootKeys } from '../../qemu/keys.ts';
import { onlyHostKey, type SshTarget } from '../link.ts';

export interface SshdOptions {
  /** Called for each command; must end the channel, or refuse. */
  readonly onCommand: (command: string, accept: () => ssh2.ServerChannel, refuse: () => void) => void;
  /** Whether anybody is let in; default: everybody. */
  readonly lets?: boolean;
}

export class Sshd {
  readonly #server: ssh2.Server;
  readonly #connections = new Set<ssh2.Connection>();
  /** As on the wire. */
  readonly hostKey: Buffer;
  readonly clientKey = makeBootKeys().clientKey;

  private constructor({ onCommand, lets = true }: SshdOptions) {
    const host = ssh2.utils.generateKeyPairSync('ed25519');
    const key = ssh2.utils.parseKey(host.private);
    if (key instanceof Error || Array.isArray(key)) throw new Error('no key of a host');
    this.hostKey = key.getPublicSSH();
    this.#server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
      connection.on('error', () => undefined);
      connection.on('authentication', (attempt) => (lets ? attempt.accept() : attempt.reject(['publickey'])));
      connection.on('session', (accept) => {
        const session = accept();
        session.on('pty', (yes) => yes?.());
        session.on('exec', (run, refuse, { command }) => onCommand(command, run, refuse));
      });
    });
  }

  static async start(options: SshdOptions): Promise<Sshd> {
    const sshd = new Sshd(options);
    sshd.#server.listen(0, '127.0.0.1');
    await once(sshd.#server, 'listening');
    return sshd;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A line of a file of known hosts. */
  get knownHost(): string {
    return `[127.0.0.1]:${this.port} ssh-ed25519 ${this.hostKey.toString('base64')}\n`;
  }

  get target(): SshTarget {
    const refusal = onlyHostKey(this.hostKey, 'the host key is another one');
    return { host: '127.0.0.1', port: this.port, user: 'root', proofs: [{ privateKey: this.clientKey }], refusal };
  }

  /** Ends all connections as a broken network does, as seen from here. */
  drop(): void {
    for (const connection of this.#connections) connection.end();
  }

  close(): void {
    this.drop();
    this.#server.close();
  }
}

/** Ends a command with that output and status. */
export function say(channel: ssh2.ServerChannel, stdout: string, code = 0): void {
  channel.write(stdout);
  channel.exit(code);
  channel.end();
}
