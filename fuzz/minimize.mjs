/** Finds the fewest inputs of a target that reach all that many inputs reach, by the block coverage of V8. */
import { Session } from 'node:inspector';

const session = new Session();

/** Calls the inspector, which answers at once. */
function post(method, parameters) {
  let answer;
  session.post(method, parameters, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer;
}

/** The functions of the project that ran since the last call: for each its ranges, outermost first. */
function taken() {
  const functions = new Map();
  for (const { url, functions: all } of post('Profiler.takePreciseCoverage').result) {
    if (!url.includes('/dist/')) continue;
    for (const { ranges } of all) {
      const [{ startOffset, endOffset, count }] = ranges;
      if (count > 0) functions.set(`${url} ${startOffset} ${endOffset}`, ranges);
    }
  }
  return functions;
}

/** Once, twice, a few times, many times: what runs more often is something else. */
const bucket = (count) => Math.min(4, 32 - Math.clz32(count));

/** How often each of the places ran: a range within another that says nothing of its own ran as often as that. */
function features(functions, places) {
  const found = [];
  for (const [name, ranges] of functions) {
    for (const place of places.get(name)) {
      const innermost = ranges.findLast((range) => range.startOffset <= place && place < range.endOffset);
      if (innermost.count > 0) found.push(`${name} ${place} ${bucket(innermost.count)}`);
    }
  }
  return found;
}

/** The inputs, the shortest first, that each reach something that none before it reaches. */
export function fewest(fuzz, inputs) {
  const sorted = [...inputs].sort((a, b) => a.length - b.length || Buffer.compare(a, b));
  session.connect();
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const runs = sorted.map((input) => {
    taken();
    fuzz(input);
    return taken();
  });
  session.disconnect();
  // Where blocks begin is only told where they run more or less often than what is around them.
  const places = new Map();
  for (const [name, ranges] of runs.flatMap((run) => [...run])) {
    const known = places.get(name) ?? new Set();
    for (const { startOffset } of ranges) known.add(startOffset);
    places.set(name, known);
  }
  const reached = new Set();
  return sorted.filter((_, index) => {
    const before = reached.size;
    for (const feature of features(runs[index], places)) reached.add(feature);
    return reached.size > before;
  });
}
