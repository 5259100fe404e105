// SPDX-License-Identifier: MIT
/** A port on 127.0.0.1 that nobody listens on. Somebody else may take it before it is used: retry then. */
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
