// SPDX-License-Identifier: MIT
/** What `npm run sanitize` found, for people. Bytes of the guest are made plain before they reach a terminal. */
import { plainText } from '../report/plain-text.ts';
import { count } from '../words.ts';
import type { SanitizeDocument } from './document.ts';
import type { Finding } from './findings.ts';

/** Lines shown of a finding, and findings shown; the document has all. */
const shownLines = 25;
const shownFindings = 30;

export function sanitizeText(document: SanitizeDocument): string {
  const { kernel, module, smp, accelerator, sanitizers, rounds, keys, growth, experiments, findings } = document;
  const lines = [
    `kernel        ${kernel}, module ${module.slice(0, 12)}, ${count(smp, 'virtual processor')} (${accelerator})`,
    ...(sanitizers.length === 0 ? [] : [`sanitizers    ${sanitizersLine(sanitizers)}`]),
    ...(rounds.asked === 0 ? [] : [`rounds        ${roundsLine(rounds)}`]),
    ...(keys.length === 0 ? [] : [`keys          after each round: ${keys.join(' ')}`]),
    ...(rounds.asked === 0 ? [] : [`memory        ${growthLine(growth)}`]),
    ...experiments.flatMap(({ name, passed }) => [
      `experiment    ${name}: ${passed.length === 0 ? 'nothing passed' : `${passed.length} passed`}`,
      ...(passed.length <= 15 ? passed.map((line) => `              ${plainText(line)}`) : []),
    ]),
    '',
    verdictLine(document),
    ...findings.slice(0, shownFindings).flatMap(findingLines),
    ...(findings.length > shownFindings ? [`… and ${findings.length - shownFindings} more, in the document`] : []),
  ];
  return lines.join('\n');
}

function sanitizersLine(sanitizers: SanitizeDocument['sanitizers']): string {
  const silent = sanitizers.filter(({ seen }) => !seen);
  const names = sanitizers.map(({ name, seen }) => (seen ? name : `${name} (SILENT)`)).join(', ');
  return silent.length === 0 ? `each was seen to report a fault on purpose: ${names}` : names;
}

function roundsLine({ asked, done, cells, checks, upcalls }: SanitizeDocument['rounds']): string {
  return `${done} of ${asked} times loaded, put under load, unloaded in one guest: ${count(cells, 'cell')}, ${count(checks, 'block')} of checks, ${count(upcalls, 'request')}`;
}

function growthLine(growth: SanitizeDocument['growth']): string {
  if (growth.length === 0) return 'no cache of the slab allocator grew';
  const grown = growth.slice(0, 6).map(({ cache, objects }) => `${cache} +${objects}`);
  return `caches that grew (what happens to run counts too): ${grown.join(', ')}`;
}

function verdictLine({ status, findings, parts }: SanitizeDocument): string {
  const done = parts.join(', ');
  if (status === 'clean') return `clean: no report, nothing left behind, nothing unexpected (${done})`;
  return `${status}: ${count(findings.length, 'finding')} (${done})`;
}

function findingLines({ kind, where, what, lines, title, fingerprint, times = 1 }: Finding): string[] {
  const rest = lines.length - shownLines;
  return [
    '',
    `${kind.toUpperCase()} in ${plainText(where)}: ${plainText(what)}`,
    ...(title === undefined ? [] : [`  ${times} × ${plainText(`${title} (${fingerprint})`)}`]),
    ...lines.slice(0, shownLines).map((line) => `  | ${plainText(line)}`),
    ...(rest > 0 ? [`  | … ${rest} more lines, in the document`] : []),
  ];
}
