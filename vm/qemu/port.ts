// SPDX-License-Identifier: MIT
/** A port on 127.0.0.1 that nobody listens on. Somebody else may take it before it is used: retry then. */
import { createServer } from 'node:net';

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port could be had on 127.0.0.1'));
        else resolve(address.port);
      });
    });
  });
}
