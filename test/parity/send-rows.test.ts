import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/client/index.ts';
import { connected, failure, frameOf, isPending, mute, PeerLink, until } from '../client/support/scripted.ts';
import { answerAttach, clocked, codes, symbolMap } from './support/send-scene.ts';

describe('Sender (§1.4)', () => {
  it('row Sender.Send: waits for credit, then for the settled disposition', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
      mute(scripted, 'transfer');
    });
    const sender = await connection.createSender('q');
    const sending = sender.send('x');
    expect(await isPending(sending)).toBe(true);
    expect([sender.stats().waitingFor, peer.framesOf('transfer').length]).toEqual(['credit', 0]);
    const link = await PeerLink.of(peer);
    link.flow({ 'link-credit': 1 });
    await frameOf(peer, 'transfer');
    expect(await isPending(sending)).toBe(true);
    expect(sender.stats().waitingFor).toBe('outcome');
    link.disposition(0, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    await connection.close();
  });

  it.each(['rejected', 'released', 'modified'] as const)('FIX §1.4 Sender.Send: %s is an error', async (is) => {
    const { connection } = await connected((scripted) => {
      scripted.on('transfer', ({ channel }) =>
        scripted.send({ is: 'disposition', role: true, first: 0, settled: true, state: { is } }, undefined, channel),
      );
    });
    const failed = await failure((await connection.createSender('q')).send('x'));
    expect(failed).toMatchObject({ code: is, scope: 'delivery', outcome: { state: is } });
    await connection.close();
  });

  it('FIX §1.4 Sender.Send: received is no outcome, so the send waits on', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sending = (await connection.createSender('q')).send('x');
    await frameOf(peer, 'transfer');
    const link = await PeerLink.of(peer);
    link.disposition(0, { is: 'received', 'section-number': 0, 'section-offset': 0 }, { settled: false });
    expect(await isPending(sending)).toBe(true);
    link.disposition(0, { is: 'accepted' });
    expect(await sending).toBeUndefined();
    await connection.close();
  });

  it('FIX §1.4 Sender.Send: aborted while it waits for credit it gives the reason of the caller', async () => {
    const { connection } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const sender = await connection.createSender('q');
    const reason = new RangeError('mine');
    const abort = new AbortController();
    const sending = sender.send('x', { signal: abort.signal });
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    expect(sender.stats()).toMatchObject({ queued: 0, pending: 0 });
    await connection.close();
  });

  it('row Sender.Send: aborted before the write, credit and delivery-count stay as they were', async () => {
    const { connection, peer } = await connected((scripted) => {
      scripted.credit = 0;
    });
    const sender = await connection.createSender('q');
    const abort = new AbortController();
    const failed = codes(sender.send('x', { signal: abort.signal }));
    abort.abort();
    expect(await failed).toEqual(['aborted']);
    const link = await PeerLink.of(peer);
    link.flow({ 'link-credit': 3, echo: true });
    await until(() => link.flows.length === 1);
    expect(link.flows[0]).toMatchObject({ 'delivery-count': 0, 'link-credit': 3 });
    await connection.close();
  });

  it('row Sender.Send: aborted while it waits for the outcome, the message is out and its outcome unknown', async () => {
    const seen: DeliveryState[] = [];
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q', { onDeliveryState: (state) => seen.push(state) });
    const abort = new AbortController();
    const failed = codes(sender.send('x', { signal: abort.signal }));
    await frameOf(peer, 'transfer');
    abort.abort();
    expect(await failed).toEqual(['aborted']);
    (await PeerLink.of(peer)).disposition(0, { is: 'accepted' });
    await until(() => seen.length === 1);
    expect(sender.stats()).toMatchObject({ credit: 99, pending: 0 });
    await connection.close();
  });

  it('row Sender.Send: settled, it waits until handed over only', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q', { senderSettleMode: 'settled' });
    expect(await sender.send('x')).toBeUndefined();
    expect((await frameOf(peer, 'transfer')).fields['settled']).toBe(true);
    await connection.close();
  });

  it('row Sender.SendWithReceipt: returns once written; also on a settled link, where the outcome is known', async () => {
    const { connection } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const receipt = await sender.sendWithReceipt('x', { deliveryTag: Uint8Array.of(7) });
    expect(receipt.deliveryTag).toEqual(Uint8Array.of(7));
    expect(await isPending(receipt.outcome)).toBe(true);
    const settled = await connection.createSender('q', { senderSettleMode: 'settled' });
    expect(await (await settled.sendWithReceipt('y')).outcome).toEqual({ state: 'accepted' });
    await connection.close();
  });

  it('FIX §1.4 SendReceipt.Wait: an outcome that came before the end of the link is the one told', async () => {
    const { connection, peer } = await connected((scripted) => mute(scripted, 'transfer'));
    const sender = await connection.createSender('q');
    const receipt = await sender.sendWithReceipt('x');
    await frameOf(peer, 'transfer');
    (await PeerLink.of(peer)).disposition(0, { is: 'released' });
    peer.end(new Error('cut'));
    const waits = await Promise.all([receipt.outcome, receipt.outcome]);
    expect(waits).toEqual([{ state: 'released' }, { state: 'released' }]);
    expect((await sender.closed).by).toBe('transport');
  });

  it('row Sender.Address, LinkName, MaxMessageSize, Properties: what the attach of the peer says', async () => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) =>
        answerAttach(scripted, frame, {
          'max-message-size': 99,
          properties: symbolMap({ k: 'v' }),
          'offered-capabilities': { type: 'symbol', value: 'o' },
          'desired-capabilities': { type: 'symbol', value: 'd' },
        }),
      );
    });
    const sender = await connection.createSender('q', { name: 'n' });
    expect(sender).toMatchObject({ address: 'q', name: 'n', maxMessageSize: 99 });
    expect(sender).toMatchObject({ offeredCapabilities: ['o'], desiredCapabilities: ['d'] });
    expect({ ...sender.properties }).toEqual({ k: 'v' });
    await connection.close();
  });

  it.each([0, undefined])('row Sender.MaxMessageSize: Infinity where the peer says %s', async (size) => {
    const { connection } = await connected((scripted) => {
      scripted.on('attach', (frame) => answerAttach(scripted, frame, { 'max-message-size': size }));
    });
    expect((await connection.createSender('q')).maxMessageSize).toBe(Infinity);
    await connection.close();
  });

  it('row Sender.Close: detaches for good, waits for the detach, and gives up after 10 s by default', async () => {
    const { connection, peer, clock } = await clocked((scripted) => mute(scripted, 'detach'), { idleTimeout: 0 });
    const sender = await connection.createSender('q');
    const closing = failure(sender.close());
    expect((await frameOf(peer, 'detach')).fields).toEqual({ handle: 0, closed: true });
    clock.advance(9_999);
    expect(await isPending(closing)).toBe(true);
    clock.advance(1);
    expect((await closing).code).toBe('timeout');
    await connection.close();
  });
});
