// SPDX-License-Identifier: MIT
/** A certificate in words. */
import { findMechanism } from '../mechanisms/index.ts';
import type { Addition, Certificate, Counted, Rate } from './certificate.ts';

/** One line, for reports of runs of that host. */
export function citation(certificate: Certificate): string {
  const { createdAt, alarms, blocks, blocksEach, power, counted, kernel, mechanisms, scenarios } = certificate;
  const when = `on ${createdAt.slice(0, 10)} with ${scenarios.join(', ')} × ${withoutFloors(mechanisms).join(', ')}, kernel ${kernel}`;
  if (counted !== undefined) {
    const told = counted.additions.map(
      (each) =>
        `${each.percent}% more instructions found in ${percentOf(each.found)} of ${counted.trials} trials ${buildWords[each.build]}, ${points(each.worst)} off at most`,
    );
    return `Counting was calibrated ${when}, of ${blocks} layouts, ${blocksEach} a comparison: ${[alarmsText(certificate, counted), ...told].join('; ')}.`;
  }
  const found = power.map(({ percent, found: rate }) => `${percent}% found in ${shown(rate)}`);
  const parts = [`${shown(alarms)} of comparisons of the same alarm`, ...found].join('; ');
  return `This host was calibrated ${when}, of ${blocks} blocks, ${blocksEach} a comparison: ${parts}.`;
}

/** A floor comes along by itself. */
export function withoutFloors(mechanisms: readonly string[]): string[] {
  return mechanisms.filter((name) => findMechanism(name)?.floor !== true);
}

const buildWords = { same: 'against the same build', other: 'against one arranged otherwise' } as const;

function alarmsText({ alarms, comparisons }: Certificate, { alarmsAtMost }: Counted): string {
  return `${percentOf(alarms.share)} of ${comparisons} comparisons of the same alarm (at most ${percentOf(alarmsAtMost)}, were they independent)`;
}

function additionText({ build, percent, instructions, found, foundAtLeast, truth, ratio, worst }: Addition): string {
  return `${percent}% (${instructions} instructions) ${buildWords[build].padEnd(30)} found ${percentOf(found)} (at least ${percentOf(foundAtLeast)}), truth ${truth.toFixed(4)}×, told ${ratio.toFixed(4)}×, ${points(worst)} off at most`;
}

/** A difference of ratios. */
function points(difference: number): string {
  return `${(100 * difference).toFixed(2)} points`;
}

/** All of it, for the terminal. */
export function certificateText(certificate: Certificate): string {
  const { alarms, comparisons, blocks, blocksEach, disjoint, metrics } = certificate;
  const { alpha, delta, counted } = certificate;
  const one = disjoint === 1 ? 'no two of which are' : `of which ${disjoint} are`;
  return [
    `calibrated: ${percentOf(alarms.share)} of comparisons without any difference alarm.`,
    `host     ${certificate.host.name}, ${certificate.host.cpuModel}, ${certificate.host.cpus} processors`,
    ...(certificate.machine === 'fake' ? ['FAKE     the fake machine made these figures up'] : []),
    `guests   kernel ${certificate.kernel}, machine ${certificate.machine}, accelerator ${certificate.accelerator}, ${certificate.smp} processor${certificate.smp === 1 ? '' : 's'}, clock ${certificate.clock}`,
    `rules    α ${alpha} for all ${metrics} metrics together, δ ${percentOf(delta)}`,
    `basis    ${comparisons} comparisons of ${blocksEach} ${counted === undefined ? 'blocks' : 'layouts'} each, drawn from ${blocks} that were recorded, ${one} independent of one another`,
    '',
    ...(counted === undefined ? timedLines(certificate) : countedLines(certificate, counted)),
  ].join('\n');
}

function timedLines({ alarms, rejections, detectable, power, pilotNs }: Certificate): string[] {
  return [
    `nothing differs   alarm ${shown(alarms)}   told from none ${shown(rejections)}   minimum detectable effect of the p50 ${ratio(detectable)}`,
    ...power.map(
      (each) =>
        `${`${each.percent}% of ${Math.round(pilotNs)} ns`.padEnd(17)} found ${shown(each.found)}   underpowered ${percentOf(each.underpowered)}   unchanged ${percentOf(each.unchanged)}   p50 ${ratio(each.ratio)}, detectable ${ratio(each.detectable)}`,
    ),
  ];
}

function countedLines(certificate: Certificate, counted: Counted): string[] {
  const { rejections, detectable, pilotNs } = certificate;
  return [
    `nothing differs   ${alarmsText(certificate, counted)}`,
    `                  told from none ${shown(rejections)}   minimum detectable effect of a request's ${Math.round(pilotNs)} instructions ${ratio(detectable, 5)}`,
    ...counted.additions.map(additionText),
    `${counted.trials} blinded trials each: which side has the addition is drawn, and the comparison is given figures alone.`,
  ];
}

function shown({ share, interval }: Rate): string {
  const where = interval === null ? '' : ` [${percentOf(interval.low)}..${percentOf(interval.high)}]`;
  return `${percentOf(share)}${where}`;
}

function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

function ratio(value: number | null, digits = 3): string {
  return value === null ? '–' : `${value.toFixed(digits)}×`;
}
