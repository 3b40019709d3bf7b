/** The figures of the runs as rows of a table in Markdown. */
const columns = {
  'messages/s before': ({ rate }) => Math.round(rate),
  'sends again after, ms': ({ recovered }) => Math.round(recovered),
  'connections made anew': ({ recoveries }) => recoveries,
  sent: ({ sent }) => sent,
  accepted: ({ accepted }) => accepted,
  'outcome unknown': ({ unknown }) => unknown,
  'given back': ({ givenBack }) => givenBack,
  'turned away': ({ turnedAway }) => turnedAway,
  received: ({ received }) => received,
  'received twice': ({ twice }) => twice,
  lost: ({ lost }) => lost,
  'heap, MB': ({ heap }) => Math.round(heap / 1e6),
};

const line = (cells) => `| ${cells.join(' | ')} |`;
const names = ['site', 'fault', ...Object.keys(columns), ''];

export const header = `${line(names)}\n${line(names.map(() => '---'))}`;

export function row(site, fault, figures, passed) {
  const cells = Object.values(columns).map((cell) => cell(figures).toLocaleString('en'));
  return line([site, fault, ...cells, passed ? 'passed' : 'FAILED']);
}
