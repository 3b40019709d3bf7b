import { formatFrame } from '../definitions/index.ts';
import type { FrameTrace } from '../engine/index.ts';

/** Prints every frame on the standard error, one line each, if the environment has `AMQP1_TRACE=frames`. */
export function traceFromEnvironment(): FrameTrace | undefined {
  if (process.env['AMQP1_TRACE'] !== 'frames') return undefined;
  return (direction, channel, type, body) => {
    process.stderr.write(`${formatFrame(direction === 'in' ? '<-' : '->', channel, type, body)}\n`);
  };
}
