/** The tables of all frames. */
import * as definitions from '../../dist/definitions/index.js';

const { open, begin, attach, flow, transfer, disposition, detach, end, close } = definitions;
const { saslMechanisms, saslInit, saslChallenge, saslResponse, saslOutcome } = definitions;

export const performatives = [open, begin, attach, flow, transfer, disposition, detach, end, close];
export const saslFrames = [saslMechanisms, saslInit, saslChallenge, saslResponse, saslOutcome];
