// SPDX-License-Identifier: MIT
/** A program on a terminal of a machine reached by ssh, as the ability `Terminal` has it. */
import { constants } from 'node:os';
import { MachineFailure } from '../failure.ts';
import type { Terminal, TerminalSession } from '../machine.ts';
import type { CommandEnd, SshLink } from './link.ts';

/**
 * `link`: the connection of the moment; it may throw a MachineFailure. `whyLost`: the failure behind a connection that was lost or a program
 * that could not be started. `asRoot`: how a command gets root's rights, where whoever logs in has them not.
 */
export function terminalOver(
  link: () => SshLink,
  whyLost: (symptom: string) => Promise<MachineFailure>,
  asRoot: (command: string) => string = (command) => command,
): Terminal {
  return {
    open: async (command, size, type): Promise<TerminalSession> => {
      const running = await link()
        .startOnTerminal(asRoot(command), { ...size, type })
        .catch(async (error: unknown) => {
          if (error instanceof MachineFailure) throw error;
          throw await whyLost(`A terminal in the guest could not be opened: ${(error as Error).message}.`);
        });
      // Its terminal shows both.
      running.stderr.resume();
      return {
        stream: running.stdout,
        resize: (to) => running.resize(to),
        ended: running.ended.then(
          async (end) => statusOf(end) ?? Promise.reject(await whyLost('The terminal was lost.')),
        ),
      };
    },
  };
}

/** As a shell has it; undefined when the connection was lost before the end. */
export function statusOf({ code, signal }: CommandEnd): number | undefined {
  if (code !== undefined) return code;
  if (signal === undefined) return undefined;
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
  return 128 + (numbers[`SIG${signal.replace(/^SIG/, '')}`] ?? 0);
}
