/**
 * `send`, `receive`, the same with typical messages, and `codec`, without an engine: every field at its known place, one
 * session, one link, no promise per message, no checks. What is left is the socket, the frames and the loop over them:
 * the lower limit for a client in Node.
 */
import { connect } from 'node:net';
import { Meter } from './node/meter.mjs';
import { commandLine } from './node/task.mjs';
import { APPLICATION_PROPERTIES, check, messageId } from './node/typical.mjs';
import { Page, codec, readMessage, writeMessage } from './straight-line/codec.mjs';

const task = commandLine();
const { scenario, host, port, count, warm, total, source, bodySize: BODY_SIZE, window: WINDOW } = task;
const isTypical = scenario.startsWith('typical');
const receives = scenario.endsWith('receive');
const meter = new Meter();
const socket = scenario === 'codec' ? undefined : connect({ host, port, noDelay: true });
const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const string = (value) => Buffer.concat([Buffer.from([0xa1, value.length]), Buffer.from(value)]);
const u32 = (value) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);

/** A frame on channel 0 whose body is the list `descriptor` of `fieldCount` fields, already encoded. */
function frame(descriptor, fieldCount, ...fields) {
  const list = Buffer.concat(fields);
  const head = hex('00000000 02000000 005300 c0 00 00');
  head.writeUInt32BE(head.length + list.length, 0);
  head[10] = descriptor;
  head[12] = list.length + 1;
  head[13] = fieldCount;
  return Buffer.concat([head, list]);
}

const terminus = (descriptor, address) =>
  Buffer.concat([hex(`0053${descriptor}`), Buffer.from([0xc0, address.length + 3, 1]), string(address)]);

function handshake() {
  const address = receives ? source : 'bench';
  const attach = [
    string('link'),
    hex('43'),
    hex(receives ? '41' : '42'),
    hex('40 40'),
    terminus('28', address),
    terminus('29', address),
    hex('40 40 43'),
  ];
  return Buffer.concat([
    Buffer.from('AMQP\0\x01\0\0', 'latin1'),
    frame(0x10, 1, string('straight-line')),
    frame(0x11, 4, hex('40 43'), hex('70'), u32(2 ** 31 - 1), hex('70'), u32(2 ** 31 - 1)),
    frame(0x12, 10, ...attach),
  ]);
}

/** The offset after the value at `at`. */
function skip(bytes, at) {
  const width = bytes[at] >> 4;
  if (width === 0) return skip(bytes, skip(bytes, at + 1));
  if (width < 10) return at + [0, 0, 0, 0, 1, 2, 3, 5, 9, 17][width];
  return width % 2 === 0 ? at + 2 + bytes[at + 1] : at + 5 + bytes.readUInt32BE(at + 1);
}

function uintAt(bytes, at) {
  if (bytes[at] === 0x70) return bytes.readUInt32BE(at + 1);
  return bytes[at] === 0x52 ? bytes[at + 1] : 0;
}

/** The offset of field `index` of the performative at `at`. */
function fieldAt(bytes, at, index) {
  let field = at + 3 + (bytes[at + 3] === 0xd0 ? 9 : 3);
  for (let skipped = 0; skipped < index; skipped++) field = skip(bytes, field);
  return field;
}

/** Calls `onFrame(bytes, bodyOffset, end)` for each frame and `onRead()` after each read. */
function read(onFrame, onRead) {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    if (socket.writableEnded) return;
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = bytes.readUInt32BE(0) === 0x414d5150 ? 8 : 0;
    while (bytes.length - at >= 8) {
      const size = bytes.readUInt32BE(at);
      if (bytes.length - at < size) break;
      onFrame(bytes, at + bytes[at + 4] * 4, at + size);
      at += size;
    }
    rest = bytes.subarray(at);
    onRead();
  });
}

function close() {
  socket.end(frame(0x18, 0));
}

const TRANSFER_HEAD = hex('00000000 02000000 005314 c0 10 05 43 70 00000000 a0 04 00000000 43 42');

/** A transfer as it is but for delivery-id and tag. */
function plainWriter() {
  const whole = Buffer.concat([TRANSFER_HEAD, hex('005375 a0 64'), Buffer.alloc(BODY_SIZE, 'x')]);
  whole.writeUInt32BE(whole.length, 0);
  return (page, id) => {
    const start = page.at;
    page.raw(whole);
    page.bytes.writeUInt32BE(id, start + 16);
    page.bytes.writeUInt32BE(id, start + 22);
  };
}

/** A transfer of a typical message, which is encoded each time: its id is its own. */
function typicalWriter() {
  const body = Buffer.alloc(BODY_SIZE, 'x');
  return (page, id) => {
    const start = page.at;
    page.raw(TRANSFER_HEAD);
    writeMessage(page, messageId(id), APPLICATION_PROPERTIES, body);
    page.bytes.writeUInt32BE(page.at - start, start);
    page.bytes.writeUInt32BE(id, start + 16);
    page.bytes.writeUInt32BE(id, start + 22);
  };
}

/** More octets than a transfer has besides the body. */
const MOST_AROUND = 256;

function send() {
  const write = isTypical ? typicalWriter() : plainWriter();
  let left = warm;
  let credit = 0;
  let sent = 0;
  let unsettled = 0;
  let measuring = false;
  const fill = () => {
    const messages = Math.min(left, credit, WINDOW - unsettled);
    if (messages === 0) return;
    const page = new Page(messages * (BODY_SIZE + MOST_AROUND));
    for (let index = 0; index < messages; index++) write(page, sent++);
    left -= messages;
    credit -= messages;
    unsettled += messages;
    socket.write(page.bytes.subarray(0, page.at));
  };
  const onFrame = (bytes, at) => {
    if (bytes[at + 2] === 0x15) {
      unsettled -= uintAt(bytes, fieldAt(bytes, at, 2)) - uintAt(bytes, fieldAt(bytes, at, 1)) + 1;
    } else if (bytes[at + 2] === 0x13) {
      credit = uintAt(bytes, fieldAt(bytes, at, 5)) + uintAt(bytes, fieldAt(bytes, at, 6)) - sent;
    }
  };
  read(onFrame, () => {
    fill();
    if (left > 0 || unsettled > 0) return;
    if (measuring) {
      meter.stop(count);
      close();
      return;
    }
    measuring = true;
    left = count;
    meter.start();
    fill();
  });
}

/** Takes one octet of tag and body: enough to see that there is a message. */
function readPlain(bytes, at, end) {
  if (bytes[skip(bytes, at + 3) + 5] + bytes[end - 1] !== 240) throw new Error('a body that the peer does not send');
}

function readTypical(bytes, at, end) {
  check(readMessage(bytes.subarray(at + 5 + bytes[at + 4], end)));
}

function receive() {
  const readOne = isTypical ? readTypical : readPlain;
  let received = 0;
  let accepted = 0;
  let granted = WINDOW;
  const flow = (deliveries) =>
    frame(
      0x13,
      7,
      Buffer.concat([hex('70'), u32(deliveries), hex('70'), u32(2 ** 31 - 1), hex('43'), hex('70'), u32(2 ** 31 - 1)]),
      Buffer.concat([hex('43 70'), u32(deliveries), hex('70'), u32(WINDOW)]),
    );
  socket.write(flow(0));
  read(
    (bytes, at, end) => {
      if (bytes[at + 2] !== 0x14) return;
      readOne(bytes, at, end);
      received++;
      if (received === warm) meter.start();
    },
    () => {
      if (received === accepted) return;
      const answers = [frame(0x15, 5, hex('41 70'), u32(accepted), hex('70'), u32(received - 1), hex('41 00532445'))];
      accepted = received;
      if (granted - received <= WINDOW / 2) {
        answers.push(flow(received));
        granted = received + WINDOW;
      }
      socket.write(Buffer.concat(answers));
      if (received < total) return;
      meter.stop(count);
      close();
    },
  );
}

if (scenario === 'codec') {
  codec(task);
} else {
  socket.write(handshake());
  if (receives) receive();
  else send();
}
