// SPDX-License-Identifier: MIT
/** How the page looks: narrow and wide, light and dark, and on paper. The colours are those of the pictures. */
import { type Markup, markup } from '../markup.ts';
import { plotCss } from '../plot/plot-css.ts';

export const pageCss: Markup = markup`${plotCss}
*{box-sizing:border-box}
body{margin:0 auto;max-width:74rem;padding:1rem;background:var(--page);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:.3rem 0 .6rem}
h2{font-size:1.2rem;margin:2.2rem 0 .5rem;padding-top:.7rem;border-top:1px solid var(--grid)}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p,ul,dl{margin:.5rem 0;max-width:60rem}
a{color:inherit}
a:focus-visible,.wide:focus-visible{outline:2px solid var(--i2);outline-offset:2px}
small,figcaption,caption,.notes,footer{color:var(--soft);font-size:.82rem}
code{font:.85rem/1.45 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.6rem .7rem;border:1px solid var(--grid);border-radius:4px;white-space:pre-wrap}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;padding:0;font-size:.88rem}
.verdict{display:inline-block;padding:.05em .5em;border:2px solid currentColor;border-radius:4px;letter-spacing:.03em}
.fail{font-weight:700}
.banner{border-left:6px solid currentColor;background:var(--shade);padding:.5rem .8rem;font-weight:600;margin:.5rem 0}
.wide{overflow-x:auto;margin:1.1rem 0 .2rem}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0 .4rem;caption-side:top}
th,td{text-align:left;vertical-align:top;padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--grid)}
th{font-weight:600}
thead th{border-bottom:2px solid var(--soft);vertical-align:bottom}
td small,th small{white-space:nowrap;font-size:.92em}
.about{white-space:normal!important;font-weight:400;display:inline-block;min-width:14rem}
table.matrix td{text-align:center;padding:.15rem .35rem}
table.matrix thead th span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
table.matrix th[scope=rowgroup]{padding-top:.7rem;color:var(--soft)}
table.matrix tbody th[scope=row]{font-weight:400;white-space:nowrap}
.surprise span{display:inline-block;min-width:1.5em;border:2px solid currentColor;border-radius:3px;font-weight:700}
.open span{display:inline-block;min-width:1.5em;border:2px dotted currentColor;border-radius:3px}
details{margin:.3rem 0}
summary{cursor:pointer}
details dd p{margin:0 0 .2rem}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.15rem 1rem;font-size:.88rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
ul.notes{padding-left:1.1rem}
figure{margin:1rem 0 1.4rem}
figcaption{max-width:60rem}
.on{white-space:normal}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,23rem),1fr));gap:.8rem 1.6rem}
.plots .plot:not(.key){width:100%;max-width:36rem;height:auto;display:block}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.3rem;list-style:none;padding:0;font-size:.82rem}
.key{width:44px;height:12px;vertical-align:-1px}
caption{max-width:calc(100vw - 1.6rem)}
@media (min-width:48rem){caption{white-space:nowrap}}
@media (max-width:30rem){body{padding:.7rem;font-size:14px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.35rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}.wide{overflow:visible}figure,.wide,tr,.banner,pre{break-inside:avoid}h2,h3,caption{break-after:avoid}.plots{grid-template-columns:1fr 1fr}table{font-size:8pt}th,td{padding-right:.45rem}td small,th small{white-space:normal}
.shade,.banner,.band,svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}@page{margin:14mm}}
`;
