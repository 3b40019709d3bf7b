/**
 * What the standard defines on top of values: performatives, SASL frames, termini, outcomes, message sections and
 * transactions, as types, tables and codecs. It knows nothing of how they follow each other.
 *
 * Start from {@link readPerformative} and {@link writePerformative}, or from {@link decodeComposite} and
 * {@link encodeComposite} with a table. The table of `Open` is named `open`, and so on; those of delivery states end
 * in `Spec`, since `accepted` and `released` are the states themselves.
 */
export type { AmqpMap, Described, Timestamp } from '../codec/index.ts';
export * from './generated/index.ts';
export { decodeComposite, encodeComposite } from './composite.ts';
export { readDescriptorCode } from './descriptor.ts';
export { formatFrame } from './frame-format.ts';
export { readPerformative, readSaslFrame, writePerformative, writeSaslFrame } from './performative.ts';
export type { Composite, CompositeSpec, CompositeTable, FieldSpec, Fields } from './spec.ts';
export { accepted, readDeliveryState, readOutcome, released, writeDeliveryState } from './states.ts';
