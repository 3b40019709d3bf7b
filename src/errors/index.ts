/** The error table and the classes derived from it. Knows nothing of the other rooms. */
export { errorTable, type ErrorCode, type ErrorRow, type ErrorScope } from './table.ts';
export {
  AmqpError,
  ConnectionError,
  DeliveryError,
  LinkError,
  SessionError,
  amqpError,
  unreachable,
  type ErrorDetails,
} from './amqp-error.ts';
