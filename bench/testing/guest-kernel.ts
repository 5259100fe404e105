// SPDX-License-Identifier: MIT
/**
 * The kernel that a guest test boots: the primary one, or the one that KEYSTORM_TEST_KERNEL names. `npm run test:full` runs each
 * guest test that imports this file on every kernel.
 */
import { primaryKernel } from '../../vm/image/primary-kernel.ts';

export const testKernelVariable = 'KEYSTORM_TEST_KERNEL';

export const guestKernel = process.env[testKernelVariable] || primaryKernel;
