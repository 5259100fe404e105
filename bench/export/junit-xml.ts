// SPDX-License-Identifier: MIT
/**
 * JUnit's XML as Jenkins, GitLab and others read it. There is no standard; what is written fits the schema of Jenkins' xUnit plugin
 * (junit-10.xsd). Test cases have no time: a verdict takes none, and 0 would be one.
 */
import { type Markup, markup, nothing } from '../report/markup.ts';

export type CaseOutcome =
  | { readonly kind: 'passed'; readonly said: string }
  /** `failure`: what was expected is not so. `error`: it broke. `details`: lines. */
  | {
      readonly kind: 'failure' | 'error';
      readonly type: string;
      readonly message: string;
      readonly details: readonly string[];
    }
  | { readonly kind: 'skipped'; readonly message: string };

export interface TestCase {
  /** Of what; dots part it into levels. */
  readonly className: string;
  readonly name: string;
  readonly outcome: CaseOutcome;
}

export interface TestSuite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly cases: readonly TestCase[];
}

/** When, and on which host, all suites were done. */
export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly host: string;
}

export function junitXml(suites: readonly TestSuite[], circumstances: Circumstances): string {
  const all = counts(suites.flatMap(({ cases }) => cases));
  const body = markup`<testsuites name="keystorm" tests="${all.tests}" failures="${all.failures}" errors="${all.errors}">
${suites.map((suite) => suiteXml(suite, circumstances))}</testsuites>
`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

function suiteXml({ name, properties, cases }: TestSuite, { at, host }: Circumstances): Markup {
  const { tests, failures, errors, skipped } = counts(cases);
  // To the second and without a zone, which is all that its readers agree on; it is UTC.
  const timestamp = at.replace(/\..*$|Z$/, '');
  return markup`<testsuite name="${name}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" timestamp="${timestamp}" hostname="${host}">
${propertiesXml(properties)}${cases.map(caseXml)}</testsuite>
`;
}

function propertiesXml(properties: TestSuite['properties']): Markup {
  const each = Object.entries(properties);
  if (each.length === 0) return nothing;
  return markup`<properties>
${each.map(([name, value]) => markup`<property name="${name}" value="${String(value)}"/>\n`)}</properties>
`;
}

function caseXml({ className, name, outcome }: TestCase): Markup {
  return markup`<testcase classname="${className}" name="${name}">${outcomeXml(outcome)}</testcase>
`;
}

function outcomeXml(outcome: CaseOutcome): Markup {
  if (outcome.kind === 'passed') return markup`<system-out>${outcome.said}</system-out>`;
  if (outcome.kind === 'skipped') return markup`<skipped message="${outcome.message}"/>`;
  const { kind, type, message, details } = outcome;
  const text = details.map((line, i) => markup`${i === 0 ? null : lineBreak}${line}`);
  if (kind === 'failure') return markup`<failure type="${type}" message="${message}">${text}</failure>`;
  return markup`<error type="${type}" message="${message}">${text}</error>`;
}

const lineBreak = markup`\n`;

function counts(cases: readonly TestCase[]) {
  const number = (kind: CaseOutcome['kind']) => String(cases.filter(({ outcome }) => outcome.kind === kind).length);
  return {
    tests: String(cases.length),
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
  };
}
