// SPDX-License-Identifier: MIT
/** The page around the sections: one file that needs nothing else, neither a network nor a script. */
import { type Content, type Markup, markup } from '../markup.ts';
import { pageCss } from './page-css.ts';
import { renderSection, type Section } from './section.ts';

export interface Page {
  readonly title: string;
  /** What stands above everything else. */
  readonly header: Content;
  readonly sections: readonly Section[];
  readonly footer: Content;
}

/** Browsers are told to fetch nothing and to run nothing, whatever the page says. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

export function page({ title, header, sections, footer }: Page): string {
  const contents = sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`);
  const body: Markup = markup`<header>${header}<nav aria-label="Contents"><ul>${contents}</ul></nav></header>
<main>
${sections.map((section) => markup`${renderSection(section)}\n`)}</main>
<footer>${footer}</footer>`;
  return `<!DOCTYPE html>\n${markup`<html lang="en"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="${policy}"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/><title>${title}</title><style>${pageCss}</style></head>
<body>
${body}
</body></html>`}\n`;
}
