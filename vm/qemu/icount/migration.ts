// SPDX-License-Identifier: MIT
/** Writes the whole state of a guest that stands still to a file, and reads it back into another QEMU. */
import { within } from '../../bounded.ts';
import { MachineFailure } from '../../failure.ts';
import { shellQuoted } from '../../host/program.ts';
import type { Qmp, QmpEvent } from '../qmp.ts';

/** Bytes in a second that QEMU may write: it is no live guest whose host has other things to do. */
const unbounded = 1e12;

export class Migration {
  #settle: ((how: 'completed' | 'failed') => void) | undefined;

  heed({ event, data }: QmpEvent): void {
    if (event === 'MIGRATION' && (data.status === 'completed' || data.status === 'failed')) this.#settle?.(data.status);
  }

  /** The guest stands still before and after. Rejects with a MachineFailure within `boundMs`. */
  async save(monitor: Qmp, file: string, boundMs: number): Promise<void> {
    await monitor.execute('migrate-set-parameters', boundMs, { 'max-bandwidth': unbounded });
    await this.#migrate(monitor, 'migrate', `exec:cat >${shellQuoted(file)}`, boundMs);
  }

  /** Of a QEMU that waits for it; the guest stands still then. Rejects likewise. */
  async restore(monitor: Qmp, file: string, boundMs: number): Promise<void> {
    await this.#migrate(monitor, 'migrate-incoming', `exec:cat ${shellQuoted(file)}`, boundMs);
  }

  async #migrate(monitor: Qmp, command: string, uri: string, boundMs: number): Promise<void> {
    const failed = (why: string) => new MachineFailure('harness-fault', `QEMU: ${command} of ${uri.slice(5)} ${why}.`);
    const capabilities = [{ capability: 'events', state: true }];
    await monitor.execute('migrate-set-capabilities', boundMs, { capabilities });
    const settled = new Promise<string>((resolve) => {
      this.#settle = resolve;
    });
    await monitor.execute(command, boundMs, { uri });
    const how = await within(settled, boundMs, () => failed(`did not end within ${boundMs / 1_000} s`));
    if (how === 'failed') throw failed('failed');
  }
}
