/**
 * What a peer of the interop run cannot do, or does differently, with the reason. A scenario that meets a row asserts
 * the row or runs a reduced form, and the table of the run names it; a row that no scenario meets is a failure.
 */

const noSasl = 'Debian builds Proton without Cyrus SASL, so its server side knows ANONYMOUS only';

/** What go-amqp does to messages; see foreign/go-amqp/messages.mjs. */
const goChanges = {
  'maps have no order': 'it reads into maps of Go and writes from them',
  'header fields have their defaults': 'its header has no field that is absent, but for a time to live of 0',
  'symbols are strings': 'it reads a symbol as a string, but in arrays',
  'an empty user-id is left out': 'it writes a user-id only if that has octets',
};

/** By peer, then by scenario. */
export const capabilities = {
  'rabbitmq-4.0': {},
  'rabbitmq-cluster': {},
  'rabbitmq-3.10': {
    'receiver outcomes': {
      'modified ends the session': 'the plugin knows accepted, rejected and released; modified is amqp:invalid-field',
    },
    'sender outcomes': {
      'accepts what goes nowhere': 'a message that no queue takes is accepted and dropped',
      'crashes when a queue rejects': 'that ends its session process without an answer',
    },
    values: {
      'crashes on some values': 'non-empty lists and most arrays as the body end its session process without an answer',
    },
    sections: {
      'data sections reversed': 'it hands out several data sections in reverse order',
      'no delivery annotations': 'a section of them ends its session process without an answer',
    },
    drain: {
      'drain ends the session': 'a drain of more credit than there are messages is a function_clause in classic queues',
    },
    'peer closes': {
      'ends only the sessions':
        'a forced close ends the sessions with amqp:internal-error and leaves the connection open',
    },
  },
  classic: {
    tls: { 'no EXTERNAL': 'it knows PLAIN and ANONYMOUS only' },
    'sender outcomes': { 'accepts what goes nowhere': 'the first use of an address makes its queue' },
    values: { 'changes the order': 'it takes what JMS knows no type for as durable, and durable messages overtake' },
    'peer closes': { 'dies without a close': 'it cuts its connections when it stops' },
  },
  'broker-j': {
    'receiver outcomes': { 'sends again what was rejected': 'a queue without a dead-letter node keeps it' },
    'sender outcomes': { 'rejects what goes nowhere': 'amqp:not-found; an exchange could also discard it' },
    'refused open': {
      'opens with a frame size of 0': 'before it says why it closes; a max-frame-size below 512 is an error (§2.7.1)',
    },
  },
  proton: {
    plain: { 'anonymous only': noSasl },
    tls: { 'anonymous only': noSasl },
    'receiver outcomes': {
      'drops what is given back': 'it sends messages settled, so that no outcome reaches it',
    },
    'sender outcomes': { 'accepts everything': 'it has no limits and no routes, and knows no other outcome' },
    large: {
      'garbles messages of several frames': 'it copies every part of a message to the beginning of its buffer',
    },
    drain: { 'ignores drain': 'it never gives credit back' },
    'close in the middle': { 'loses what is unsettled': 'it sends messages settled, and forgets them' },
    'peer closes': { 'dies without a close': 'it cannot be told to close a connection, so it is stopped' },
  },
  artemis: {
    'sender outcomes': {
      'accepts what goes nowhere': 'it makes a queue for every address',
      'gives no credit after a refusal': 'it rejects one message for a full queue, and then stops the producer',
    },
    'peer closes': { 'dies without a close': 'a connection that its management closes is cut' },
  },
  'go-amqp': {
    encodings: goChanges,
    values: goChanges,
    'settles second': {
      'gives back the error of a rejection': 'it takes the outcome that the broker settles with for its refusal',
    },
    'cancelled calls': {
      'ends sessions that never began':
        'it ends every cancelled session before it begins another (§2.5.3), sent or not',
    },
  },
  tshark: {
    frames: {
      'an empty binary is malformed': 'it fails an assertion of its own (len > 0) on a0 00',
      'a part of a message is malformed': 'it reads the payload of every transfer as a whole message',
    },
  },
};

const itemTypes = 'float double decimal32 decimal64 decimal128 char timestamp uuid binary null list map arrays'.split(
  ' ',
);

/** Values of values.json that end the connection to a broker when they are the body of a message. */
export const crashingValues = {
  'rabbitmq-3.10': ['list', 'list nested', 'list of 300 items', ...itemTypes.map((type) => `array of ${type}`)],
};
