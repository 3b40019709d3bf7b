/** A TCP relay that keeps what passes it, and writes it as a capture file. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** The port of the server side in the capture; tshark knows it as AMQP. */
export const SERVER_PORT = 5672;
const CLIENT_PORT = 40_000;
/** An IPv4 packet has at most 65535 octets, 40 of which are headers here. */
const MOST = 60_000;

export class Recorder {
  /** What passed, in order: `{ fromClient, octets }`. */
  chunks = [];
  #server;
  #sockets = new Set();

  /** Relays one connection to a port of this machine; resolves to the recorder, whose `port` is the one to connect to. */
  static async start(targetPort) {
    const recorder = new Recorder();
    recorder.#server = createServer((client) => {
      const server = connect(targetPort, '127.0.0.1');
      recorder.#relay(client, server, true);
      recorder.#relay(server, client, false);
    }).listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    recorder.port = recorder.#server.address().port;
    return recorder;
  }

  #relay(from, to, fromClient) {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => to.end());
    from.on('data', (octets) => {
      this.chunks.push({ fromClient, octets: Buffer.from(octets) });
      to.write(octets);
    });
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** All octets of one direction. */
  octets(fromClient) {
    return Buffer.concat(this.chunks.filter((chunk) => chunk.fromClient === fromClient).map(({ octets }) => octets));
  }

  /** Writes a capture (pcap, raw IP) of the connection. */
  write(path) {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(0x0004_0000, 16);
    header.writeUInt32LE(101, 20); // raw IP
    const sent = { true: 1, false: 1 };
    const packets = this.chunks.flatMap(({ fromClient, octets }) =>
      pieces(octets).flatMap((piece) => {
        const packet = ipPacket(fromClient, sent[fromClient], sent[!fromClient], piece);
        sent[fromClient] += piece.length;
        const record = Buffer.alloc(16);
        record.writeUInt32LE(packet.length, 8);
        record.writeUInt32LE(packet.length, 12);
        return [record, packet];
      }),
    );
    writeFileSync(path, Buffer.concat([header, ...packets]));
  }
}

function pieces(octets) {
  const count = Math.ceil(octets.length / MOST);
  return Array.from({ length: count }, (_, n) => octets.subarray(n * MOST, (n + 1) * MOST));
}

/** An IPv4 packet with a TCP segment. Checksums are left zero, as those of a network card are. */
function ipPacket(fromClient, sequence, acknowledged, payload) {
  const packet = Buffer.alloc(40 + payload.length);
  packet[0] = 0x45; // version 4, header of 5 words
  packet.writeUInt16BE(packet.length, 2);
  packet[8] = 64; // time to live
  packet[9] = 6; // TCP
  packet.writeUInt32BE(fromClient ? 0x0a00_0001 : 0x0a00_0002, 12);
  packet.writeUInt32BE(fromClient ? 0x0a00_0002 : 0x0a00_0001, 16);
  packet.writeUInt16BE(fromClient ? CLIENT_PORT : SERVER_PORT, 20);
  packet.writeUInt16BE(fromClient ? SERVER_PORT : CLIENT_PORT, 22);
  packet.writeUInt32BE(sequence % 2 ** 32, 24);
  packet.writeUInt32BE(acknowledged % 2 ** 32, 28);
  packet[32] = 0x50; // header of 5 words
  packet[33] = 0x18; // PSH, ACK
  packet.writeUInt16BE(0xffff, 34);
  payload.copy(packet, 40);
  return packet;
}
