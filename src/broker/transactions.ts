import { ErrorCondition } from '../definitions/index.ts';
import type { DeliveryState, Described, Fields, ProtocolErrorInit } from '../definitions/index.ts';

const description = 'there are no transactions here';

/** Why a state within a transaction costs its link: nobody can have declared that transaction (§4.5.8). */
export const unknownTransaction: ProtocolErrorInit = { condition: ErrorCondition.unknownId, description };

/** Why messages cannot be acquired for a transaction (§4.4.3). */
export const noTransactions: ProtocolErrorInit = { condition: ErrorCondition.notImplemented, description };

/** Whether a delivery is posted, or its outcome told, within a transaction (§4.4). */
export const isTransactional = (state: DeliveryState | Described | undefined): boolean =>
  state !== undefined && 'type' in state && state.type === 'transactional-state';

/** Whether the properties of a flow acquire messages for a transaction (§4.4.3). */
export const acquiresForTransaction = (properties: Fields): boolean => (properties['txn-id'] ?? null) !== null;
