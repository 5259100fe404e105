// SPDX-License-Identifier: MIT
/** A part of the page under a heading of its own. A run that has nothing for a part has no such section. */
import { type Content, type Markup, markup } from '../markup.ts';
import type { ReportData } from '../report-data.ts';

export interface Section {
  /** Unique in the page: what a link to it ends in. */
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

export type SectionMaker = (data: ReportData) => Section | null;

export function renderSection({ id, title, content }: Section): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}

/** Pictures beside one another as far as there is room, and what is to be known of them. */
export function figure(pictures: readonly Markup[], caption: Content, machine: string, legend: Content = null): Markup {
  return markup`<figure><div class="plots">${pictures}</div>${legend}<figcaption>${caption} <span class="on">[${machine}]</span></figcaption></figure>`;
}
