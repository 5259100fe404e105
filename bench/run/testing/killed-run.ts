// SPDX-License-Identifier: MIT
/** A process that does the small run of the tests and is killed at a file operation, a write half done: killed-run.ts DIR N */
import { type FileOps, realFileOps } from '../../../results/file-ops.ts';
import { testRun } from '../../testing/test-run.ts';
import { tinyPlan } from './tiny-plan.ts';

const [dir = '', at = ''] = process.argv.slice(2);
let count = 0;

function dies(): boolean {
  return count++ === Number(at);
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('one does not survive this');
}

const files: FileOps = {
  mkdir: (path) => (dies() ? die() : realFileOps.mkdir(path)),
  open: (path, flags) => (dies() ? die() : realFileOps.open(path, flags)),
  write: (fd, bytes) => {
    if (!dies()) return realFileOps.write(fd, bytes);
    realFileOps.write(fd, bytes.subarray(0, Math.floor(bytes.length / 2)));
    return die();
  },
  truncate: (fd, length) => (dies() ? die() : realFileOps.truncate(fd, length)),
  sync: (fd) => (dies() ? die() : realFileOps.sync(fd)),
  close: (fd) => (dies() ? die() : realFileOps.close(fd)),
  rename: (from, to) => (dies() ? die() : realFileOps.rename(from, to)),
  remove: (path) => (dies() ? die() : realFileOps.remove(path)),
};

await testRun({ made: tinyPlan(), dir, writer: { files } });
