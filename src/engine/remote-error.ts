import { amqpError, detailOf, type AmqpError, type ErrorCode } from '../errors/index.ts';
import type { ProtocolError } from '../definitions/index.ts';

/** What a decode-error says of the octets, without a place that depends on how they were read. */
export function faultOf(error: AmqpError): string {
  return detailOf(error).replace(/,? at octet \d+/, '');
}

/** A description longer than this, or in more than ASCII, might not fit the frame of a small peer. */
const MOST_DESCRIPTION = 256;

/** A description that fits the close of every peer. */
export function shortDescription(detail: string): string {
  return detail.slice(0, MOST_DESCRIPTION).replaceAll(/[^ -~]/g, '?');
}

/** Makes our error of one that the peer sent (§2.8.14), or of its silence about the reason. */
export function remoteError(code: ErrorCode, what: string, error: ProtocolError | undefined): AmqpError {
  if (error === undefined) return amqpError(code, `${what} without an error`);
  const { condition, description, info } = error;
  const text = description === undefined ? condition : `${condition}: ${description}`;
  return amqpError(code, `${what}: ${text}`, { condition, description, info });
}
