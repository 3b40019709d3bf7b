/** What is measured: how each figure is called and written, and whether less of it is better (of the peer's, neither). */
const rounded = (digits, unit) => (value) => `${value.toFixed(digits)}${unit}`;
const thousands = (value) => (value < 10_000 ? `${Math.round(value)}` : `${Math.round(value / 1000)} k`);
const percent = (value) => `${Math.round(value * 100)} %`;

export const FIGURES = {
  cpuMicrosPerMessage: { label: 'client CPU µs/message', format: rounded(2, ''), lessIsBetter: true },
  messagesPerSecond: { label: 'messages/s', format: thousands, lessIsBetter: false },
  megabytesPerSecond: { label: 'MB/s', format: rounded(0, ''), lessIsBetter: false },
  p50Micros: { label: 'round trip µs, p50', format: rounded(1, ''), lessIsBetter: true },
  p99Micros: { label: 'round trip µs, p99', format: rounded(1, ''), lessIsBetter: true },
  peakOverSize: { label: 'peak memory / size of the message', format: rounded(2, ' ×'), lessIsBetter: true },
  encodeMessageNanos: { label: 'encode message, ns', format: rounded(0, ''), lessIsBetter: true },
  decodeMessageNanos: { label: 'decode message, ns', format: rounded(0, ''), lessIsBetter: true },
  encodeTransferNanos: { label: 'encode transfer, ns', format: rounded(0, ''), lessIsBetter: true },
  decodeTransferNanos: { label: 'decode transfer, ns', format: rounded(0, ''), lessIsBetter: true },
  allocatedBytesPerMessage: { label: 'octets allocated/message', format: rounded(0, ''), lessIsBetter: true },
  aboveBareBytesPerMessage: { label: 'of them above the bare loop', format: rounded(0, ''), lessIsBetter: true },
  heapBytesPerConnection: { label: 'heap octets/connection', format: rounded(0, ''), lessIsBetter: true },
  residentBytesPerConnection: { label: 'resident octets/connection', format: rounded(0, ''), lessIsBetter: true },
  connectMicros: { label: 'µs/connection', format: rounded(0, ''), lessIsBetter: true },
  attachMicros: { label: 'attach, µs/link', format: rounded(1, ''), lessIsBetter: true },
  heapBytesPerLink: { label: 'heap octets/link', format: rounded(0, ''), lessIsBetter: true },
  peerCpuMicrosPerMessage: { label: 'peer CPU µs/message', format: rounded(2, '') },
  peerBusy: { label: 'peer busy', format: percent },
  brokerCpuMicrosPerMessage: { label: 'broker CPU µs/message', format: rounded(1, '') },
  brokerBusy: { label: 'broker busy', format: percent },
  clientBusy: { label: 'client busy', format: percent },
};
