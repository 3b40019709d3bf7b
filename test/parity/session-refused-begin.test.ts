import { describe, expect, it } from 'vitest';
import { connected, failure, mute, wireError } from '../client/support/scripted.ts';

const gone = wireError('amqp:resource-deleted', 'gone');

describe('remote end (§3)', () => {
  it('KEEP §3 session end: one that is opening fails with what the peer says', async () => {
    const { connection } = await connected((scripted) => {
      mute(scripted, 'end');
      scripted.on('begin', (frame) => {
        scripted.default(frame);
        scripted.send({ is: 'end', error: gone }, undefined, frame.channel);
      });
    });
    const failed = await failure(connection.createSession());
    expect(failed).toMatchObject({ code: 'session-ended-by-peer', condition: 'amqp:resource-deleted' });
    await connection.close();
  });
});
