// SPDX-License-Identifier: MIT
/** How pictures look, light and dark, on a screen and printed. */
import { type Markup, markup } from '../markup.ts';
import { partInks } from './series-style.ts';

/** Colours of everything but the series; `page` is what a picture stands on. */
export const paper = {
  light: { page: '#ffffff', text: '#1c1f23', soft: '#565d66', grid: '#dfe2e6', shade: '#e9e4d8' },
  dark: { page: '#15181c', text: '#e9ebee', soft: '#a9b1bb', grid: '#33383f', shade: '#3a3626' },
} as const;

type Mode = keyof typeof paper;

/** Declarations of the colours of one mode. */
export function colours(mode: Mode): Markup {
  const { page, text, soft, grid, shade } = paper[mode];
  const series = partInks.map((ink, index) => markup`--i${index}:${ink[mode]};`);
  return markup`--page:${page};--text:${text};--soft:${soft};--grid:${grid};--shade:${shade};${series}`;
}

export const plotCss = markup`
:root{color-scheme:light dark;${colours('light')}}
@media screen and (prefers-color-scheme:dark){:root{${colours('dark')}}}
${partInks.map((_, index) => markup`.s${index}{--ink:var(--i${index})}`)}
svg.plot{font:11px system-ui,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif}
.plot text{fill:var(--text)}
.plot .tick{fill:var(--soft);font-size:10.5px}
.plot .name{font-weight:600}
.plot .paper{fill:var(--page)}
.plot .grid{stroke:var(--grid);fill:none}
.plot .axis{stroke:var(--soft);fill:none}
.plot .rule{stroke:var(--soft);stroke-dasharray:3 3;fill:none}
.plot .shade{fill:var(--shade)}
.plot .line{stroke:var(--ink);stroke-width:1.8;fill:none;stroke-linejoin:round}
.plot .bars{stroke:var(--ink);stroke-width:1.7;stroke-linecap:round;fill:none}
.plot .range{stroke:var(--ink);stroke-width:1;fill:none}
.plot .sparse{stroke-width:2.6}
.plot .onpage{stroke:var(--page);stroke-width:3.5;paint-order:stroke;stroke-linejoin:round}
.plot .fail{stroke:var(--text);stroke-width:1.2;fill:none}
.plot .band{fill:var(--ink);opacity:.16}
.plot .mark{fill:var(--ink)}
.plot .hollow{fill:var(--page);stroke:var(--ink);stroke-width:1.4}
.plot .halo{fill:var(--ink);stroke:var(--page);stroke-width:3.5;paint-order:stroke;stroke-linejoin:round}
.plot .part{fill:var(--ink);stroke:var(--page);stroke-width:1}
.plot .light{fill-opacity:.3}
.plot .onink{fill:var(--page)}
.plot .end{text-anchor:end}
.plot .middle{text-anchor:middle}
`;
