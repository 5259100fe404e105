// SPDX-License-Identifier: MIT
/** Which machine a command is for, and what its owner has to say to that. */
import type { Command } from 'commander';
import type { Access } from '../../vm/machine.ts';
import { machineForms } from '../../vm/provider-names.ts';
import { userPath } from './context.ts';

/** What commander makes of the options below, but for the machine's name. */
export interface AccessFlags {
  readonly yes?: string;
  readonly identity?: string;
  readonly knownHosts?: string;
}

export const usualMachine = 'qemu';

/** The option that names the machine. */
export function addMachineOption(command: Command): Command {
  return command.option('--machine <name>', `where guests run: ${machineForms.join(', ')}`, usualMachine);
}

/** Options for a machine that is somebody's. */
export function addAccessOptions(command: Command): Command {
  return command
    .option(
      '--yes <host>',
      'only with --machine ssh:HOST: HOST once more, which allows the changes to that machine that a call without --yes lists',
    )
    .option(
      '--identity <file>',
      'only with --machine ssh:HOST: a private key to log in with (default: the ssh agent, then ~/.ssh/id_*)',
    )
    .option('--known-hosts <file>', 'only with --machine ssh:HOST: host keys to expect (default: ~/.ssh/known_hosts)');
}

/** What the flags say of how the machine is reached, and of what may be done to it. */
export function accessOf({ yes, identity, knownHosts }: AccessFlags): Access {
  return {
    consent: yes,
    identity: identity === undefined ? undefined : userPath(identity),
    knownHosts: knownHosts === undefined ? undefined : userPath(knownHosts),
  };
}
