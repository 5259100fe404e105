// SPDX-License-Identifier: MIT
/** Where a machine is reached, as a user writes it: [USER@]HOST[:PORT], an IPv6 address in brackets. */
import { KeystormError } from '../failure.ts';

export interface SshAddress {
  /** Absent: the name of whoever runs us. */
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
}

const standardPort = 22;
const form =
  /^(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?:\[([0-9A-Fa-f:.%a-z]+)\]|([A-Za-z0-9_][A-Za-z0-9_.-]*))(?::(\d{1,5}))?$/;

/** @throws KeystormError (2) for what is no address. */
export function parseSshAddress(text: string): SshAddress {
  const [whole, user, v6, name, port] = form.exec(text) ?? [];
  const number = port === undefined ? standardPort : Number(port);
  const host = v6 ?? name;
  if (whole === undefined || host === undefined || number < 1 || number > 65_535)
    throw new KeystormError(`"${text}" is no machine to be reached by ssh: write HOST, USER@HOST or USER@HOST:PORT.`);
  return { user, host, port: number };
}
