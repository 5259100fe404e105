// SPDX-License-Identifier: MIT
/** Ports on 127.0.0.1 that nobody listens on. Somebody else may take one before it is used: another is tried then. */
import { createServer } from 'node:net';
import { MachineFailure } from '../failure.ts';

/** Rejects with a MachineFailure when there is none, or when the loopback interface is down. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(
        new MachineFailure(
          'harness-fault',
          `No port of 127.0.0.1 can be had (${error.message}): see whether the interface lo is up and what takes the ports (ss -tan).`,
        ),
      ),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string')
          reject(new MachineFailure('harness-fault', 'No port of 127.0.0.1 can be had.'));
        else resolve(address.port);
      });
    });
  });
}

/** Somebody else may take a free port before it is used. */
const attempts = 5;

/**
 * Has `start` use one port after the other until it does not find it taken: then it returns undefined, else what it failed of.
 * @throws MachineFailure what `start` failed of if that was not the port; or that too many ports were taken.
 */
export async function onSomePort(
  choose: () => Promise<number>,
  start: (port: number) => Promise<MachineFailure | undefined>,
): Promise<void> {
  const tried: number[] = [];
  while (tried.length < attempts) {
    const port = await choose();
    const problem = await start(port);
    if (problem === undefined) return;
    if (!/host forwarding rule/.test(problem.message)) throw problem;
    tried.push(port);
  }
  throw new MachineFailure(
    'harness-fault',
    `QEMU could bind none of the ports ${tried.join(', ')} of 127.0.0.1, which were free just before: see what else takes ports there (ss -tlnp), and try again.`,
  );
}
