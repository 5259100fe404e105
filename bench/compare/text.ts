// SPDX-License-Identifier: MIT
/** A comparison as a person reads it on a terminal: the verdict first. */

import { inUnitsOf, threeDigits } from '../report/format.ts';
import { plainText } from '../report/plain-text.ts';
import { durationText } from '../report/spread.ts';
import { terminalTable } from '../report/tables/table-model.ts';
import { typedPath } from '../report/typed-path.ts';
import { ansiPaint, noPaint } from '../report/verdict-lines.ts';
import { count } from '../words.ts';
import type { Behaviour, ErrnoMix, Flip } from './behaviour.ts';
import type { Comparison } from './compare.ts';
import { endsDoubt, endsText, worseEnds } from './ends.ts';
import type { Compared, Control } from './figures.ts';
import { coarseness } from './judged.ts';
import { effectText, figureText, metricName, percent, pointsText, valueText } from './metric-text.ts';
import { isCounted, type Side } from './side.ts';
import type { Outcome } from './statistics/judgement.ts';
import { power } from './statistics/power.ts';

/** Rows of a table before it says how many more there are. */
const shownRows = 20;

const colours = { regressed: 'fail', improved: 'pass', unchanged: 'pass', underpowered: 'unknown' } as const;

export function compareText(comparison: Comparison, colour: boolean, all: boolean): string {
  const clock = isCounted(comparison.sides.base) ? 'icount' : 'wall';
  return inUnitsOf(clock, () => textOf(comparison, colour, all));
}

function textOf(comparison: Comparison, colour: boolean, all: boolean): string {
  const { overall, figures, notes, behaviour } = comparison;
  const paint = colour ? ansiPaint : noPaint;
  const lines = [`${paint(colours[overall], overall)}: ${verdictSentence(comparison)}`, ...methodLines(comparison)];
  lines.push(...notes.map((note) => `note     ${note}`), '');
  const titles: readonly (readonly [Outcome, string])[] = [
    ['regressed', 'worse'],
    ['improved', 'better'],
    ['underpowered', 'not known'],
    ['unchanged', 'within δ of one another'],
  ];
  for (const [outcome, title] of titles) {
    const rows = figures.metrics.filter((metric) => metric.outcome === outcome);
    if (rows.length === 0) continue;
    lines.push(`${title}: ${count(rows.length, 'metric')}`);
    const shown = all ? rows.length : outcome === 'unchanged' ? 0 : shownRows;
    if (shown > 0) lines.push(metricTable(rows.slice(0, shown), outcome));
    if (rows.length > shown) lines.push(`  ${rows.length - shown} more: compare --all shows them`);
    lines.push('');
  }
  lines.push(...behaviourLines(behaviour, comparison.choice.deltas.share));
  if (figures.controls.length > 0)
    lines.push('floors, which no mechanism moves (new / base)', ...figures.controls.map(controlLine), '');
  return lines.join('\n').trimEnd();
}

/** What it comes to, in one sentence that can stand alone. */
export function verdictSentence({ overall, choice, figures, behaviour, unsure, design }: Comparison): string {
  const { metrics } = figures;
  const number = (outcome: Outcome) => metrics.filter((metric) => metric.outcome === outcome).length;
  const flips = (kind: Flip['kind']) => behaviour.flips.filter((flip) => flip.kind === kind).length;
  const said: string[] = [];
  if (number('regressed') > 0) said.push(`${number('regressed')} of ${count(metrics.length, 'metric')} worse`);
  if (flips('worse') > 0) said.push(`${count(flips('worse'), 'verdict')} now failing`);
  said.push(...worseEnds(behaviour.ends, choice.alpha).map(({ what }) => what));
  if (number('improved') > 0) said.push(`${number('improved')} better`);
  if (flips('better') > 0) said.push(`${count(flips('better'), 'verdict')} no longer failing`);
  if (overall === 'unchanged') said.push(`all ${count(metrics.length, 'metric')} within δ`);
  if (overall !== 'unchanged' && number('unchanged') > 0) said.push(`${number('unchanged')} unchanged within δ`);
  said.push(...unsure);
  const first = metrics.find(({ outcome }) => outcome === 'regressed');
  const example = first === undefined ? '' : ` First: ${metricName(first)} ${valueText(first)}.`;
  const reservation = design.kind === 'separate' ? ' (runs not measured in turn)' : '';
  return `${said.join(', ')}${reservation}.${example}`;
}

/** What was held against what, and by which rules. */
function methodLines({ sides, choice, design, figures }: Comparison): string[] {
  const { alpha, deltas } = choice;
  const boots = (side: 'base' | 'new') => design.blocks.reduce((sum, block) => sum + block[side].length, 0);
  const how = {
    'same-boot': `paired in ${count(design.blocks.length, 'boot')}`,
    interleaved: `paired in ${count(design.blocks.length, 'block')}, measured in turn`,
    'same-layout': `paired in ${count(design.blocks.length, 'layout')}, each of one seed on both sides`,
    separate: `${count(boots('base'), 'boot')} against ${boots('new')}, not paired`,
  }[design.kind];
  const tested = figures.metrics.filter(({ reason }) => reason === null).length;
  const of = figures.relabellings;
  const drawn =
    of === null
      ? ''
      : `, ${of.kind === 'all' ? `all ${of.count}` : `${of.count} of the`} ways to call the boots base and new`;
  const coarse =
    design.kind === 'same-layout' ? ` (${percent(deltas.ratio * coarseness)} where few requests decide)` : '';
  const delta = `δ ${percent(deltas.ratio)} of a ratio${coarse}, ${pointsText(deltas.share)} of a share, ${durationText(deltas.time)}`;
  return [
    `base     ${sideText(sides.base)}`,
    `new      ${sideText(sides.new)}`,
    `boots    ${how}`,
    `rules    α ${alpha} for all ${count(tested, 'metric')} together${drawn}; ${delta}; intervals 95% each`,
  ];
}

function sideText({ run, mechanism, boots }: Side): string {
  const kernel = boots.find(({ start }) => start !== null)?.start?.description.kernel ?? run.manifest.plan.kernel;
  return [mechanism, typedPath(run.dir), `kernel ${plainText(kernel)}`, run.status]
    .filter((part) => part !== null)
    .join(', ');
}

function metricTable(rows: readonly Compared[], outcome: Outcome): string {
  const unknown = outcome === 'underpowered';
  return terminalTable({
    title: '',
    head: ['metric', 'base', 'new', 'new / base', ...(unknown ? ['would be found', 'boots for δ'] : ['chance'])],
    rows: rows.map((metric) => [
      metricName(metric),
      figureText(metric, metric.base),
      figureText(metric, metric.new),
      valueText(metric),
      ...(unknown ? unknownTexts(metric) : [metric.chance === null ? '–' : chanceText(metric.chance)]),
    ]),
    notes: unknown
      ? [`Would be found: the least change that is found in ${power * 100} of 100 cases. Boots: a side, or blocks.`]
      : [],
  });
}

/** Of a metric that could not be decided: what would have been found, and with how many boots δ would be. */
export function unknownTexts({ reason, detectable, bootsNeeded, scale }: Compared): string[] {
  if (reason !== null) return [plainText(reason), '–'];
  const found = detectable === null ? 'none: too few boots' : effectText(scale, detectable);
  return [found, bootsNeeded === null ? '–' : String(bootsNeeded)];
}

export function chanceText(chance: number): string {
  return chance < 0.0001 ? '< 0.0001' : threeDigits(chance);
}

function controlLine(control: Control): string {
  const name = control.name.replace(/^floor\.|\.p50$/g, '');
  const where = control.dimensions.scenario === undefined ? '' : ` in ${control.dimensions.scenario}`;
  return `  ${plainText(`${name}${where}`).padEnd(28)} ${valueText({ ...control, scale: 'ratio' })}`;
}

function behaviourLines({ errnos, flips, ends }: Behaviour, delta: number): string[] {
  const lines: string[] = [];
  const told = flips.map(flipLine);
  if (told.length > 0) lines.push('verdicts that differ', ...told, '');
  const mixes = errnos.filter((mix) => differs(mix, delta)).map(mixLine);
  if (mixes.length > 0) lines.push('errors that differ (share of requests)', ...mixes, '');
  if (endsDoubt(ends.base, 'base') !== null || endsDoubt(ends.new, 'new') !== null)
    lines.push('boots', `  base ${endsText(ends.base)}`, `  new  ${endsText(ends.new)}`, '');
  return lines;
}

/** `WORSE  right-answerer of latency × keyagent-fd: held (pass) → violated (fail): …` */
export function flipLine({ oracle, dimensions, base, new: other, kind }: Flip): string {
  const word = { worse: 'WORSE', better: 'better', lost: 'LOST', other: 'other' }[kind].padEnd(6);
  const where = [dimensions.scenario, dimensions.mechanism].filter((part) => part !== undefined).join(' × ');
  const from = `${base.property} (${base.verdict})`;
  return plainText(
    `  ${word} ${oracle} of ${where}: ${from} → ${other.property} (${other.verdict}): ${other.evidence}`,
  );
}

/** An errno that only one side has, or of which the share differs by more than δ. */
function differs({ base, new: other, appeared, gone }: ErrnoMix, delta: number): boolean {
  const names = Object.keys({ ...base, ...other });
  return (
    appeared.length + gone.length > 0 || names.some((name) => Math.abs((other[name] ?? 0) - (base[name] ?? 0)) > delta)
  );
}

function mixLine({ dimensions, base, new: other }: ErrnoMix): string {
  const names = Object.keys({ ...base, ...other }).sort();
  const parts = names.map((name) => `${name} ${percent(base[name] ?? 0)} → ${percent(other[name] ?? 0)}`);
  return plainText(`  ${metricName({ name: 'errors', dimensions })}: ${parts.join(', ')}`);
}
