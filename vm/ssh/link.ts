// SPDX-License-Identifier: MIT
/** One ssh connection to a machine: its host key is checked, what is offered is what the target names, nobody is asked for a password. */
import type { Duplex, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel, PseudoTtyOptions } from 'ssh2';
import ssh2 from 'ssh2';
import { within } from '../bounded.ts';
import type { ShellResult } from '../machine.ts';

/** One way to prove who we are: a private key in OpenSSH's format, or the socket of an agent that has some. */
export type SshProof = { readonly privateKey: string } | { readonly agent: string };

export interface SshTarget {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  /** A stream that leads there, where this host has no way of its own. It ends with the connection. */
  readonly through?: Duplex;
  readonly user: string;
  /** In the order in which they are tried. */
  readonly proofs: readonly SshProof[];
  /** Types of host keys to ask for first, e.g. 'ssh-ed25519'; absent: whatever is best. */
  readonly hostKeyTypes?: readonly string[];
  /** Why a host key, as on the wire, is refused, as a clause that begins with "the"; undefined: it is accepted. */
  refusal(hostKey: Buffer): string | undefined;
}

/** The refusal of every host key but this one. `whose`: as in "the guest showed a host key that is not this boot's". */
export function onlyHostKey(expected: Buffer, whose: string): SshTarget['refusal'] {
  return (key) => (key.equals(expected) ? undefined : whose);
}

/** A guest with one busy emulated CPU needs a while for its part of the handshake. */
const handshakeMs = 60_000;
/**
 * Never: a probe would fall into measuring windows. A machine that is gone shows by whoever watches it, one that hangs by the bounds
 * of whoever waits for its answer.
 */
const keepaliveIntervalMs = 0;
/** Those that the library can check. */
const supportedHostKeys: readonly ssh2.ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
/** A command that is refused so often will be refused for good. */
const execAttempts = 4;
const execPauseMs = 500;

/** The connection ended, or never came about; `message` says in which way. */
export class SshError extends Error {
  override readonly name = 'SshError';
}

/** How a remote command ended: `code` undefined means that the connection was lost before it did. */
export interface CommandEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** A running command elsewhere, however its streams come and go. */
export interface RunningCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: NodeJS.ReadableStream;
  /** Resolves when it has ended and its output was read. Never rejects. */
  readonly ended: Promise<CommandEnd>;
}

/** One behind ssh, whose channel is both. */
export interface RemoteCommand extends RunningCommand {
  readonly stdin: Duplex;
  readonly stdout: Duplex;
}

/** What a program is told of the terminal that it runs on. */
export interface RemoteTerminal {
  /** As in $TERM. */
  readonly type: string;
  readonly columns: number;
  readonly rows: number;
}

/** A running remote command whose terminal can change its size. */
export interface TerminalCommand extends RemoteCommand {
  resize(size: Pick<RemoteTerminal, 'columns' | 'rows'>): void;
}

export class SshLink {
  readonly #client: ssh2.Client;

  private constructor(client: ssh2.Client) {
    this.#client = client;
  }

  /** Connects and authenticates. Rejects with an SshError. */
  static connect(target: SshTarget, onLost: (why: string) => void): Promise<SshLink> {
    const client = new ssh2.Client();
    return new Promise((resolve, reject) => {
      let up = false;
      let refused: string | undefined;
      let lastError = 'the connection was closed';
      client.on('ready', () => {
        up = true;
        resolve(new SshLink(client));
      });
      client.on('error', (error) => {
        lastError = error.message;
      });
      client.on('close', () => {
        if (up) onLost(lastError);
        else reject(new SshError(refused ?? lastError));
      });
      client.connect({
        host: target.host,
        port: target.port,
        ...(target.through === undefined ? {} : { sock: target.through }),
        username: target.user,
        authHandler: target.proofs.map((proof) => authentication(target.user, proof)),
        algorithms: { serverHostKey: hostKeyAlgorithms(target.hostKeyTypes ?? []) },
        readyTimeout: handshakeMs,
        keepaliveInterval: keepaliveIntervalMs,
        hostVerifier: (key: Buffer) => {
          refused = target.refusal(key);
          return refused === undefined;
        },
      });
    });
  }

  /**
   * Starts a command. Its output must be read, or it never ends. Where sshd says that it cannot, it is asked again: nothing was
   * executed, and dropbear was seen to refuse twice in some 20 rounds of load, once each.
   * Rejects with an SshError.
   */
  async start(command: string): Promise<RemoteCommand> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#exec(command);
      } catch (error) {
        if (attempt === execAttempts || !isRefusal(error)) throw new SshError((error as Error).message);
        await sleep(execPauseMs);
      }
    }
  }

  /** Starts a command on a terminal of its own. Rejects with an SshError. */
  async startOnTerminal(command: string, { type, columns, rows }: RemoteTerminal): Promise<TerminalCommand> {
    const pty: PseudoTtyOptions = { term: type, cols: columns, rows };
    try {
      const channel = await new Promise<ClientChannel>((resolve, reject) => {
        this.#client.exec(command, { pty }, (error, got) => (error ? reject(error) : resolve(got)));
      });
      return { ...remote(channel), resize: (to) => channel.setWindow(to.rows, to.columns, 0, 0) };
    } catch (error) {
      throw new SshError((error as Error).message);
    }
  }

  #exec(command: string): Promise<RemoteCommand> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) => {
        if (error === undefined || error === null) resolve(remote(channel));
        else reject(error);
      });
    });
  }

  /** Runs a command to its end. Rejects with an SshError when the connection is lost or `timeoutMs` is over. */
  async run(command: string, timeoutMs: number, input?: Buffer): Promise<ShellResult> {
    const { stdout, ...result } = await this.#collect(command, timeoutMs, input);
    return { ...result, stdout: stdout.toString('utf8') };
  }

  /** What a command writes, as it is. Rejects likewise, and with an SshError that has its last words when its status is not 0. */
  async bytes(command: string, timeoutMs: number): Promise<Buffer> {
    const { code, stdout, stderr } = await this.#collect(command, timeoutMs);
    if (code !== 0) throw new SshError(`its status was ${code} (${stderr.trim().slice(-500)})`);
    return stdout;
  }

  async #collect(
    command: string,
    timeoutMs: number,
    input?: Buffer,
  ): Promise<Omit<ShellResult, 'stdout'> & { readonly stdout: Buffer }> {
    const running = await this.start(command);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    running.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    running.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    if (input === undefined) running.stdin.end();
    else running.stdin.end(input);
    const end = await within(running.ended, timeoutMs, () => {
      running.stdin.destroy();
      return new SshError(`the command did not end within ${timeoutMs} ms`);
    });
    if (end.code === undefined && end.signal === undefined) throw new SshError('the connection was lost');
    // A shell reports a child's death by signal as 128 + n; the signal's own name is in stderr then.
    return {
      code: end.code ?? 128,
      stdout: Buffer.concat(out),
      stderr: Buffer.concat(err).toString('utf8') + (end.signal === undefined ? '' : `killed by ${end.signal}\n`),
    };
  }

  close(): void {
    this.#client.end();
  }
}

/** Signatures by keys of these types; one of RSA keys has others than its own name. */
function hostKeyAlgorithms(first: readonly string[]): ssh2.ServerHostKeyAlgorithm[] {
  const known = first.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]));
  const isKnown = (name: string) => known.includes(name);
  return [...supportedHostKeys.filter(isKnown), ...supportedHostKeys.filter((name) => !isKnown(name))];
}

function authentication(username: string, proof: SshProof): ssh2.AnyAuthMethod {
  return 'agent' in proof
    ? { type: 'agent', username, agent: proof.agent }
    : { type: 'publickey', username, key: proof.privateKey };
}

/** In ssh2's words: the other end has answered that it does not, in place of having gone. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'Unable to exec';
}

function remote(channel: ClientChannel): RemoteCommand {
  const ended = new Promise<CommandEnd>((resolve) => {
    let end: CommandEnd = { code: undefined, signal: undefined };
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code: code ?? undefined, signal: signal ?? undefined };
    });
    // Both streams must be drained before this comes; 'exit' alone may precede the last output.
    channel.on('close', () => resolve(end));
    channel.on('error', () => undefined);
  });
  return { stdin: channel, stdout: channel, stderr: channel.stderr, ended };
}
