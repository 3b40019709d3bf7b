/**
 * Draws the results as SVG, readable on light and on dark ground. The file says by itself what it was measured with.
 * Usage: node chart.mjs RESULTS.json CHART.svg
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PANELS = [
  { scenario: 'send', title: 'Send, pipelined: 100 octets' },
  { scenario: 'receive-read', title: 'Receive, read, accept: 100 octets' },
  { scenario: 'typical-send', title: 'Send: 9 properties, 1 KiB' },
  { scenario: 'typical-receive', title: 'Receive, read all: 9 properties, 1 KiB' },
];
const COLUMNS = 2;
const PANEL_WIDTH = 400;
const LABEL_WIDTH = 100;
const BAR_WIDTH = 200;
const BAR_HEIGHT = 16;
const LINE = 24;
const HEAD = 34;
const MARGIN = 16;
const FOOT = 40;

const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-weight: 600; }
    .note { font-size: 11px; fill: #59636e; }
    .ours { fill: #0969da; }
    .other { fill: #9198a1; }
    .spread { stroke: #1f2328; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .note { fill: #9198a1; }
      .ours { fill: #4493f8; }
      .other { fill: #656c76; }
      .spread { stroke: #f0f6fc; }
    }
  `;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const thousands = (value) => (value < 10_000 ? `${(value / 1000).toFixed(1)} k/s` : `${Math.round(value / 1000)} k/s`);
const text = (x, y, content, kind = '') =>
  `<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${escape(content)}</text>`;

/** One bar: its length is the median, the thin line its spread. */
function bar(client, { median, min, max }, scale, y) {
  const length = (value) => (value * scale).toFixed(1);
  const middle = y + BAR_HEIGHT / 2;
  const kind = client === 'amqp1' ? 'ours' : 'other';
  const at = (value) => (LABEL_WIDTH + value * scale).toFixed(1);
  return [
    text(0, y + BAR_HEIGHT - 3, client, client === 'amqp1' ? 'title' : ''),
    `<rect x="${LABEL_WIDTH}" y="${y}" width="${length(median)}" height="${BAR_HEIGHT}" rx="2" class="${kind}"/>`,
    `<line x1="${at(min)}" y1="${middle}" x2="${at(max)}" y2="${middle}" class="spread"/>`,
    text(Number(at(Math.max(median, max))) + 6, y + BAR_HEIGHT - 3, thousands(median)),
  ].join('\n      ');
}

/** The bars of one scenario, fastest first; the limits are not clients and are left out. */
function barsOf(summary, scenario) {
  const rows = summary.find((one) => one.scenario === scenario)?.rows ?? [];
  return rows
    .filter(({ client, figures }) => client !== 'straight-line' && figures.messagesPerSecond !== undefined)
    .map(({ client, figures }) => ({ client, rate: figures.messagesPerSecond }))
    .sort((a, b) => b.rate.median - a.rate.median);
}

function panel({ title, bars }, x, y) {
  const scale = BAR_WIDTH / Math.max(...bars.map(({ rate }) => rate.max));
  const lines = bars.map(({ client, rate }, index) => bar(client, rate, scale, HEAD - 14 + index * LINE));
  return `<g transform="translate(${x} ${y})">\n      ${[text(0, 6, title, 'title'), ...lines].join('\n      ')}\n    </g>`;
}

/** The chart of what a run wrote as JSON. */
export function drawChart({ runs, environment, summary }) {
  const panels = PANELS.map(({ scenario, title }) => ({ title, bars: barsOf(summary, scenario) })).filter(
    ({ bars }) => bars.length > 0,
  );
  if (panels.length === 0) throw new Error('the results have none of the scenarios that are drawn');
  const rows = Math.ceil(panels.length / COLUMNS);
  const panelHeight = HEAD + Math.max(...panels.map(({ bars }) => bars.length)) * LINE;
  const width = MARGIN + Math.min(panels.length, COLUMNS) * PANEL_WIDTH;
  const height = MARGIN * 2 + rows * panelHeight + FOOT;
  const drawn = panels.map((one, index) =>
    panel(one, MARGIN + (index % COLUMNS) * PANEL_WIDTH, MARGIN * 1.5 + Math.floor(index / COLUMNS) * panelHeight),
  );
  const note = `Messages per second: median of ${runs} runs, line: least to greatest. ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title note">
  <title id="title">Messages per second of AMQP 1.0 clients</title>
  <style>${STYLE}</style>
  ${drawn.join('\n  ')}
  <text id="note" x="${MARGIN}" y="${height - MARGIN}" class="note">${escape(note)}</text>
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [source, target] = process.argv.slice(2).map((file) => resolve(process.env.INIT_CWD ?? '.', file));
  writeFileSync(target, drawChart(JSON.parse(readFileSync(source, 'utf8'))));
}
