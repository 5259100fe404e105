// SPDX-License-Identifier: MIT
/** The guest kernel's command line, as data: each word with its reason. */
import { tscWord } from '../measured-words.ts';

interface Word {
  readonly word: string;
  readonly why: string;
  /** Only with this many vCPUs. */
  readonly smp?: number;
  /** Only on emulated processors: real ones measure their clocks fast and right, and keep the mitigations they need. */
  readonly only?: 'tcg';
}

const words: readonly Word[] = [
  { word: 'console=ttyS0', why: 'the only way a dying kernel has to say why' },
  {
    word: 'loglevel=6',
    why: 'while it boots, signs of life on the console; init then has it say warnings and worse only',
  },
  { word: 'rdinit=/init', why: 'the root file system is the initramfs' },
  { word: 'keystorm.disposable=1', why: 'without it our module and runner refuse to load' },
  { word: 'panic=-1', why: 'a panic resets at once, and QEMU ends instead of resetting' },
  {
    word: 'mitigations=off',
    why: 'an emulated CPU has no side channels to close; they cost boot and upcall time',
    only: 'tcg',
  },
  { word: 'nokaslr', why: 'addresses in a trace mean the same in every boot' },
  {
    word: 'ibt=off',
    why: 'a processor that tracks indirect branches would end the kernel at our calls of functions that it does not export',
  },
  { word: 'cryptomgr.notests', why: 'self-tests cost boot time' },
  { word: 'no_timer_check', why: 'the timer test busy-waits, long under emulation', only: 'tcg' },
  { word: 'lpj=4000000', why: 'no delay-loop calibration, another busy wait', only: 'tcg' },
  {
    word: 'tsc=reliable',
    why: 'no watchdog for the clock; with more vCPUs it ran ten times too fast',
    smp: 1,
    only: 'tcg',
  },
];

/**
 * The command line for a guest with `smp` vCPUs. `tscKHz`: how often an emulated processor's time stamp counter ticks, so that the
 * guest need not find out; absent where that is not known.
 */
export function kernelCommandLine(smp: number, accelerator: 'tcg' | 'kvm', tscKHz?: number): string {
  const known = words
    .filter((entry) => entry.smp === undefined || entry.smp === smp)
    .filter((entry) => entry.only === undefined || entry.only === accelerator)
    .map((entry) => entry.word);
  // A real processor's counter may be scaled, and its kernel asks the hypervisor.
  if (accelerator === 'tcg' && tscKHz !== undefined) known.push(`${tscWord}=${tscKHz}`);
  return known.join(' ');
}
