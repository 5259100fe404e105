// SPDX-License-Identifier: MIT
export { typedPath } from '../../vm/host/program.ts';
