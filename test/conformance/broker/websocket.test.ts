import { expect, it } from 'vitest';
import { settle, start } from '../../broker/support/setup.ts';

const request = [
  'GET /amqp HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: amqp',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');

it('[W-01] the request of a WebSocket is answered with the header of the SASL of AMQP, and the transport ends', async () => {
  const transport = (await start()).transport();
  const answer: number[] = [];
  let ended = false;
  transport.open({
    received: (bytes) => answer.push(...bytes),
    closed: () => {
      ended = true;
    },
  });
  transport.send([Buffer.from(request, 'latin1')], () => undefined);
  await settle();
  expect(Buffer.from(answer).toString('hex')).toBe('414d515003010000');
  expect(ended).toBe(true);
});
