/** The error table, the classes derived from it, and the checks of options that throw them. Knows no other room. */
export { errorTable, type ErrorCode, type ErrorRow, type ErrorScope } from './table.ts';
export {
  AmqpError,
  ConnectionError,
  DeliveryError,
  LinkError,
  SessionError,
  amqpError,
  detailOf,
  unreachable,
  type ErrorDetails,
} from './amqp-error.ts';
export {
  checkOptions,
  isAnything,
  isBoolean,
  isDuration,
  isFunction,
  isInteger,
  isName,
  isObject,
  isOneOf,
  isString,
  isStrings,
  type Check,
  type OptionTable,
} from './check-options.ts';
