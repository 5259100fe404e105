// SPDX-License-Identifier: MIT
/**
 * Nothing crossed the guest's border while a window was open: no packet, and no byte of a program on its serial port. What did
 * would have cost the guest's processor time that the latencies contain. What the kernel says there of its own accord (that
 * the host held it up, for instance) is no exchange with the harness: it is named, and not held against the run.
 */
import type { FrameOf } from '../../../results/frames.ts';
import { unmetered } from '../../measure/meters.ts';
import { count } from '../../words.ts';
import { damageIn, held, type Oracle, overBoots, unknown, violated } from '../oracle.ts';

export const noTrafficInWindow: Oracle = (input) =>
  overBoots(input, (view) => {
    for (const meter of view.meters) {
      const crossed = trafficIn(meter);
      if (crossed !== null) return violated(`window ${meter.index}: ${crossed}`);
    }
    const lost = damageIn(view);
    if (lost !== null) return unknown(lost);
    const reason = unmetered(view);
    if (reason !== null) {
      return unknown(`${view.meters.length} of ${count(view.cell.windows.length, 'window')} metered (${reason})`);
    }
    const said = view.meters.reduce((sum, meter) => sum + meter.kernel_log_bytes, 0);
    const kernel = said > 0 ? ` (${count(said, 'byte')} of the kernel's own log)` : '';
    return held(`no packet and no byte of console in ${count(view.meters.length, 'window')}${kernel}`);
  });

function trafficIn(meter: FrameOf<'meter'>): string | null {
  const { rx_packets: rx, tx_packets: tx, rx_bytes, tx_bytes, console_bytes } = meter;
  const crossed = [
    ...(rx + tx > 0 || rx_bytes + tx_bytes > 0
      ? [`${count(rx, 'packet')} came in and ${tx} went out (${count(rx_bytes + tx_bytes, 'byte')})`]
      : []),
    ...(console_bytes > 0 ? [`${count(console_bytes, 'byte')} of console`] : []),
  ];
  return crossed.length === 0 ? null : crossed.join(', ');
}
