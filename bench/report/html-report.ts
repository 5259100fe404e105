// SPDX-License-Identifier: MIT
/** A run as one HTML page, to be attached to a patch posting: no script, nothing to be fetched. */
import { verdictSentence, warnings } from './conclusion.ts';
import { inUnitsOf } from './format.ts';
import { page } from './html/page.ts';
import type { SectionMaker } from './html/section.ts';
import { markup } from './markup.ts';
import type { ReportData } from './report-data.ts';
import { bootsSection } from './sections/boots.ts';
import { costSection } from './sections/cost.ts';
import { distributionsSection } from './sections/distributions.ts';
import { errorsSection } from './sections/errors.ts';
import { faultMatrixSection } from './sections/fault-matrix.ts';
import { featuresSection } from './sections/features.ts';
import { floorsSection } from './sections/floors.ts';
import { manifestSection, reproSection, troubleSection } from './sections/manifest.ts';
import { missingSection } from './sections/missing.ts';
import { openLoopSection } from './sections/open-loop.ts';
import { resultsSection } from './sections/results.ts';
import { sessionsSection } from './sections/sessions.ts';
import { stagesSection } from './sections/stages.ts';
import { timelinesSection } from './sections/timelines.ts';
import { notMetSection, verdictsSection } from './sections/verdicts.ts';
import { hitsSection, sharingSection, stormsSection } from './sections/workloads.ts';

/** In the order of the page: what decides first, how it came about after, what it stands on last. */
const makers: readonly SectionMaker[] = [
  notMetSection,
  troubleSection,
  faultMatrixSection,
  resultsSection,
  featuresSection,
  verdictsSection,
  distributionsSection,
  openLoopSection,
  sessionsSection,
  timelinesSection,
  errorsSection,
  sharingSection,
  stormsSection,
  hitsSection,
  stagesSection,
  floorsSection,
  costSection,
  bootsSection,
  missingSection,
  manifestSection,
  reproSection,
];

/** Depends on the stored run alone: the same run gives the same bytes. */
export function htmlReport(data: ReportData): string {
  return inUnitsOf(data.run.manifest.plan.clock, () => pageOf(data));
}

function pageOf(data: ReportData): string {
  const { run, overall, machine } = data;
  const { runId, createdAt, plan } = run.manifest;
  const header = markup`<p><small>keystorm: request_key() upcalls to containers</small></p>
<h1><span class="verdict">${overall}</span> ${verdictSentence(data)}</h1>
${warnings(data).map((line) => markup`<p class="banner" role="note">${line}</p>`)}
<p>Run ${runId} of ${createdAt.slice(0, 10)}, status ${run.status}, kernel ${plan.kernel}, ${machine}, seed ${plan.seed}.</p>`;
  return page({
    title: `keystorm ${runId}: ${overall}`,
    header,
    sections: makers.flatMap((make) => make(data) ?? []),
    footer: markup`<p>Made by keystorm from the stored run ${runId}; what figures mean: docs/reading-a-report.md there.</p>`,
  });
}
