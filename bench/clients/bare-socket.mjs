/**
 * A TCP socket and no protocol: as many octets each way as a message and its outcome have on the wire. What is left
 * is what the operating system and Node's sockets cost.
 */
import { connect } from 'node:net';
import { Meter } from './node/meter.mjs';
import { RoundTrips } from './node/round-trips.mjs';
import { commandLine } from './node/task.mjs';

const { scenario, host, port, count, warm, total, window, bodySize } = commandLine();
/** A transfer of 100 octets in one frame takes 37 more; a large one takes some 40 for each of its frames. */
const MESSAGE = bodySize + 37 * Math.max(1, Math.ceil(bodySize / 65_536));
/** The peer's disposition. */
const ANSWER = 36;
const receives = scenario.endsWith('receive');
const inSize = receives ? MESSAGE : ANSWER;
const outSize = receives ? ANSWER : MESSAGE;

const meter = new Meter();
const socket = connect({ host, port, noDelay: true });
const piece = Buffer.alloc(outSize, 'x');

function order() {
  const bytes = Buffer.alloc(16);
  // The peer begins where the client receives, with as much as the credit would be.
  [receives ? window : 0, outSize, inSize, total].forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}

const trips = new RoundTrips(total);
const awaited = scenario === 'send-awaited';
const inFlight = awaited ? 1 : window;
let sent = 0;
let finished = 0;
let came = 0;

function give(pieces) {
  socket.cork();
  for (let index = 0; index < pieces && sent < total; index++, sent++) socket.write(piece);
  socket.uncork();
}

socket.on('data', (chunk) => {
  came += chunk.length;
  const pieces = Math.floor(came / inSize);
  came -= pieces * inSize;
  for (let index = 0; index < pieces; index++) {
    if (awaited && finished >= warm) trips.end();
    finished++;
    if (finished === warm) meter.start();
  }
  if (pieces > 0 && awaited) trips.begin();
  give(pieces);
  if (finished < total || pieces === 0) return;
  meter.stop(count, awaited ? trips.figures() : {});
  socket.end();
});

socket.write(order());
if (!receives) give(inFlight);
