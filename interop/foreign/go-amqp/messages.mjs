/** Messages with every section, every kind of body, and every value of values.json. */
import { Uuid } from '../../../dist/codec/index.js';
import { encodeMessage } from '../../amqp1.mjs';
import { whatBecomes } from '../../exceptions.mjs';
import { sectionList, values } from '../../neutral.mjs';
import { messages as valueMessages } from '../../scenarios/values.mjs';

const utf8 = (text) => new Uint8Array(Buffer.from(text));
const body = utf8('body');
const ids = {
  ulong: 18_446_744_073_709_551_615n,
  string: 'id',
  binary: utf8('id'),
  uuid: Uuid.parse('f275ea5e-0c57-4ad7-b11a-b20c563d3b71'),
};

const properties = {
  messageId: 'id',
  userId: utf8('tester'),
  to: 'to',
  subject: 'subject',
  replyTo: 'reply-to',
  correlationId: 'correlation',
  contentType: 'text/plain',
  contentEncoding: 'gzip',
  absoluteExpiryTime: new Date(4_000_000_000_000),
  creationTime: new Date(1_700_000_000_123),
  groupId: 'group',
  groupSequence: 4_294_967_295,
  replyToGroupId: 'reply-to-group',
};

const annotations = {
  'x-opt-text': 'text',
  'x-opt-number': 4n,
  'x-opt-octets': utf8('octets'),
  'x-opt-list': [1, 'two', null],
  'x-opt-map': { nested: true },
};

const shapes = {
  'one data section': { body },
  'an empty data section': { body: new Uint8Array(0) },
  'several data sections': { body: { kind: 'data', data: [utf8('one'), new Uint8Array(0), new Uint8Array(300)] } },
  'a sequence': { body: { kind: 'sequence', sequence: [[1, 'two', null, [true]]] } },
  'several sequences': { body: { kind: 'sequence', sequence: [[1], [], ['two']] } },
  'a full header': {
    body,
    header: { durable: true, priority: 6, ttl: 600_000, firstAcquirer: true, deliveryCount: 3 },
  },
  'a header with a priority': { body, header: { priority: 0 } },
  'a header with a time to live': { body, header: { ttl: 4_294_967_295 } },
  'all properties': { body, properties },
  ...Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, { body, properties: { [name]: value } }]),
  ),
  ...Object.fromEntries(
    Object.entries(ids).map(([type, id]) => [
      `an id of type ${type}`,
      { body, properties: { messageId: id, correlationId: id } },
    ]),
  ),
  'an empty user-id': { body, properties: { userId: new Uint8Array(0), to: 'to' } },
  'message annotations': { body, messageAnnotations: annotations },
  'delivery annotations': { body, deliveryAnnotations: annotations },
  'a footer': { body, footer: annotations },
  everything: {
    header: { durable: true, priority: 9 },
    deliveryAnnotations: { 'x-opt-hop': 1 },
    messageAnnotations: { 'x-opt-route': 'a' },
    properties,
    applicationProperties: { text: 'a' },
    body: { kind: 'value', value: ['a', 1] },
    footer: { 'x-opt-sum': utf8('sum') },
  },
};

const valueShapes = valueMessages().map((message, n) => [values[n].name, message]);

/** Messages that go-amqp can read or write: `{ name, message, octets, sections }`. */
export function messagesFor(way) {
  const able = new Set(values.filter((which) => whatBecomes('go-amqp', way, which) !== null).map(({ name }) => name));
  const chosen = [...Object.entries(shapes), ...valueShapes.filter(([name]) => able.has(name))];
  return chosen.map(([name, message]) => {
    const octets = encodeMessage(message);
    return { name, message, octets, sections: sectionList(octets) };
  });
}
