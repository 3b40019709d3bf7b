/** What tests of AMQP programs need: a scripted peer with a codec of its own, and a clock that stands still. */
export { FakeClock } from './fake-clock.ts';
export { ScriptedPeer, type FrameHandler } from './scripted-peer.ts';
export { readFrame, writeFrame, type CompositeValue, type FieldValue, type WireFrame } from './wire-frame.ts';
export { WireReader, writeWire, type Wire, type WireNumber, type WireOf } from './wire-value.ts';
