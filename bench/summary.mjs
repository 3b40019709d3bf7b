/** From single results to medians, spreads and ratios. */
import { FIGURES } from './figures.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** Median, least and greatest of `values`. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** How many times better amqp1 is, by one figure: above 1, it is better. */
function times(figure, ours, theirs) {
  return FIGURES[figure].lessIsBetter ? theirs / ours : ours / theirs;
}

/** Ratios are taken within each run, then their median and spread: a slow minute of the machine hits both sides. */
function ratioOf(figure, ours, theirs) {
  const pairs = ours.flatMap((own) => {
    const other = theirs.find(({ run }) => run === own.run);
    return other === undefined ? [] : [times(figure, own.figures[figure], other.figures[figure])];
  });
  return pairs.length === 0 ? undefined : spread(pairs);
}

function rowOf(scenario, client, results, ours) {
  const known = scenario.figures.filter((figure) => results[0].figures[figure] !== undefined);
  const isCompared = (figure) => 'lessIsBetter' in FIGURES[figure] && ours.some((own) => figure in own.figures);
  const compared = client === 'amqp1' ? [] : known.filter(isCompared);
  return {
    scenario: results[0].scenario,
    client,
    figures: Object.fromEntries(known.map((figure) => [figure, spread(results.map(({ figures }) => figures[figure]))])),
    ratios: Object.fromEntries(compared.map((figure) => [figure, ratioOf(figure, ours, results)])),
  };
}

/** For each scenario that ran: its rows, one for each client, with ratios to amqp1. */
export function summarize(results, scenarios = SCENARIOS) {
  const of = (scenario, client) => results.filter((row) => row.scenario === scenario && row.client === client);
  return scenarios.flatMap((scenario) => {
    const ours = of(scenario.name, 'amqp1');
    const clients = [...new Set(results.map(({ client }) => client))];
    const rows = clients.flatMap((client) => {
      const own = of(scenario.name, client);
      const found = own.length > 0 || scenario.against === undefined ? own : of(scenario.against, client);
      return found.length === 0 ? [] : [rowOf(scenario, client, found, ours)];
    });
    return rows.some((row) => row.scenario === scenario.name) ? [{ scenario: scenario.name, rows }] : [];
  });
}
