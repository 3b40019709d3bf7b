/** The protocols that a header can announce (§2.2, §5.2, §5.3). */
export const ProtocolId = { amqp: 0, tls: 2, sasl: 3 } as const;
export type ProtocolId = (typeof ProtocolId)[keyof typeof ProtocolId];

/** The eight octets that begin each layer: "AMQP", protocol-id, major, minor, revision. */
export function protocolHeader(id: ProtocolId): Uint8Array {
  return Uint8Array.of(0x41, 0x4d, 0x51, 0x50, id, 1, 0, 0);
}

/** The protocol-id of a header of version 1.0.0, or undefined for anything else. */
export function protocolIdOf(octets: Uint8Array): number | undefined {
  const expected = [0x41, 0x4d, 0x51, 0x50, octets[4], 1, 0, 0];
  return expected.every((octet, index) => octets[index] === octet) ? octets[4] : undefined;
}

const startsWith = (octets: Uint8Array, text: string): boolean =>
  Array.from(text, (character) => character.charCodeAt(0)).every((octet, index) => octets[index] === octet);

/** Says in words what eight octets are that came in place of the header we expect. */
export function describeHeader(octets: Uint8Array): string {
  const id = protocolIdOf(octets);
  if (id === ProtocolId.sasl) return 'the peer asks for SASL; give credentials or let SASL ANONYMOUS be used';
  if (id === ProtocolId.tls) return 'the peer asks for TLS; use amqps:';
  if (id === ProtocolId.amqp) return 'the peer does not take part in SASL';
  if (startsWith(octets, 'AMQP')) {
    // AMQP 0-9-1 announces itself as 0, 0, 9, 1; 0-10 and others use the same four octets in their own way.
    return `the peer speaks another version of AMQP (${octets.slice(4).join('-')})`;
  }
  if (startsWith(octets, 'HTTP')) return 'the peer speaks HTTP';
  if (octets[0] === 0x15 || octets[0] === 0x16) return 'the peer speaks TLS; use amqps:';
  const hex = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
  return `the peer sent ${hex} instead of a protocol header`;
}
