import { AmqpError, errorTable } from '../errors/index.ts';

/** The same error with the name of the field before its words. Errors of other kinds stay as they are. */
export function nameField(error: unknown, path: string): unknown {
  if (!(error instanceof AmqpError)) return error;
  const what = error.message.slice(0, -`. ${errorTable[error.code].advice}`.length);
  return new AmqpError(error.code, `${path}: ${what}`, { cause: error });
}
