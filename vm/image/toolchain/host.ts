// SPDX-License-Identifier: MIT
import { run } from '../../host/command.ts';
import { standardTimeoutMs, type Toolchain } from './toolchain.ts';

/** What is installed on this host, in its own root: for kernels whose headers or trees it fits. */
export const hostToolchain: Toolchain = {
  name: 'this host',
  sees: (bind) => bind.from,
  run: async ([program = '', ...args], { binds = [], cwd, env, timeoutMs = standardTimeoutMs } = {}) => {
    const folder = binds.find((bind) => bind.to === cwd)?.from ?? cwd;
    const where = folder === undefined ? {} : { cwd: folder };
    return await run(program, args, { plainEnv: true, timeoutMs, ...where, ...(env === undefined ? {} : { env }) });
  },
};
