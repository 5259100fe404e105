// SPDX-License-Identifier: MIT
/** A certificate in words. */
import type { Certificate, Rate } from './certificate.ts';

/** One line, for reports of runs of that host. */
export function citation(certificate: Certificate): string {
  const { createdAt, alarms, blocks, blocksEach, power } = certificate;
  const found = power.map(({ percent, found: rate }) => `${percent}% found in ${shown(rate)}`);
  const parts = [`${shown(alarms)} of comparisons of the same alarm`, ...found].join('; ');
  return `This host was calibrated on ${createdAt.slice(0, 10)}, of ${blocks} blocks, ${blocksEach} a comparison: ${parts}.`;
}

/** All of it, for the terminal. */
export function certificateText(certificate: Certificate): string {
  const { alarms, rejections, detectable, power, comparisons, blocks, blocksEach, disjoint, metrics } = certificate;
  const { alpha, delta, pilotNs } = certificate;
  const one = disjoint === 1 ? 'no two of which are' : `of which ${disjoint} are`;
  return [
    `calibrated: ${percentOf(alarms.share)} of comparisons without any difference alarm.`,
    `host     ${certificate.host.name}, ${certificate.host.cpuModel}, ${certificate.host.cpus} processors`,
    `guests   kernel ${certificate.kernel}, ${certificate.machine}, ${certificate.accelerator}, ${certificate.smp} processor${certificate.smp === 1 ? '' : 's'}, clock ${certificate.clock}`,
    `rules    α ${alpha} for all ${metrics} metrics together, δ ${percentOf(delta)}`,
    `basis    ${comparisons} comparisons of ${blocksEach} blocks each, drawn from ${blocks} that were recorded, ${one} independent of one another`,
    '',
    `nothing differs   alarm ${shown(alarms)}   told from none ${shown(rejections)}   minimum detectable effect of the p50 ${ratio(detectable)}`,
    ...power.map(
      (each) =>
        `${`${each.percent}% of ${Math.round(pilotNs)} ns`.padEnd(17)} found ${shown(each.found)}   underpowered ${percentOf(each.underpowered)}   unchanged ${percentOf(each.unchanged)}   p50 ${ratio(each.ratio)}, detectable ${ratio(each.detectable)}`,
    ),
  ].join('\n');
}

function shown({ share, interval }: Rate): string {
  const where = interval === null ? '' : ` [${percentOf(interval.low)}..${percentOf(interval.high)}]`;
  return `${percentOf(share)}${where}`;
}

function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

function ratio(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(3)}×`;
}
