/** From single results to medians, spreads and ratios. */

const MEASURES = ['cpuMicrosPerMessage', 'messagesPerSecond', 'peerCpuMicrosPerMessage', 'peerBusy'];

/** What is divided by what: a client's scenario against another's. */
const COMPARISONS = [
  { scenario: 'send', other: 'rhea', otherScenario: 'send' },
  { scenario: 'receive', other: 'rhea', otherScenario: 'receive' },
  { scenario: 'receive-read', other: 'rhea', otherScenario: 'receive' },
  { scenario: 'receive-consume', other: 'rhea', otherScenario: 'receive' },
  { scenario: 'send', other: 'straight-line', otherScenario: 'send' },
  { scenario: 'receive', other: 'straight-line', otherScenario: 'receive' },
];

/** Median, least and greatest of `values`. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** Ratios are taken within each run, then their median and spread: a slow minute of the machine hits both sides. */
function ratio(results, { scenario, other, otherScenario }) {
  const of = (client, name) => results.filter((row) => row.client === client && row.scenario === name);
  const ours = of('amqp1', scenario);
  const theirs = of(other, otherScenario);
  if (ours.length === 0 || theirs.length === 0) return undefined;
  const pairs = ours.map((row) => [row, theirs.find(({ run }) => run === row.run)]);
  return {
    scenario,
    other: `${other} ${otherScenario}`,
    lessCpu: spread(pairs.map(([a, b]) => b.cpuMicrosPerMessage / a.cpuMicrosPerMessage)),
    moreMessages: spread(pairs.map(([a, b]) => a.messagesPerSecond / b.messagesPerSecond)),
  };
}

/** One row per scenario and client, and the comparisons for which both sides ran. */
export function summarize(results) {
  const groups = new Map();
  for (const result of results) {
    const name = `${result.scenario} ${result.client}`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  const rows = [...groups.values()].map((group) => ({
    scenario: group[0].scenario,
    client: group[0].client,
    ...Object.fromEntries(MEASURES.map((name) => [name, spread(group.map((row) => row[name]))])),
  }));
  return { rows, ratios: COMPARISONS.map((comparison) => ratio(results, comparison)).filter(Boolean) };
}
