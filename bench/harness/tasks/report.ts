// SPDX-License-Identifier: MIT
import { benchDocument } from '../../report/bench-json.ts';
import { htmlReport } from '../../report/html-report.ts';
import { markdownReport } from '../../report/markdown-report.ts';
import { reportData } from '../../report/report-data.ts';
import { textReport } from '../../report/text-report.ts';
import type { HarnessTask } from '../task.ts';
import type { HarnessData } from './data.ts';

/** From figures and verdicts to what people read. */
export function reportTasks({ run, metrics, verdicts }: HarnessData): HarnessTask[] {
  const group = 'report';
  const data = () => reportData(run, metrics, verdicts);
  return [
    { group, name: 'the table', operation: () => textReport(run, metrics, verdicts, false) },
    { group, name: 'the JSON document', operation: () => JSON.stringify(benchDocument(run, metrics, verdicts)) },
    { group, name: 'the HTML page', operation: () => htmlReport(data()) },
    { group, name: 'the Markdown text', operation: () => markdownReport(data()) },
  ];
}
