import { AmqpError, detailOf } from '../errors/index.ts';

/** The same error with the name of the field before its words. Errors of other kinds stay as they are. */
export function nameField(error: unknown, path: string): unknown {
  if (!(error instanceof AmqpError)) return error;
  return new AmqpError(error.code, `${path}: ${detailOf(error)}`, { cause: error });
}
