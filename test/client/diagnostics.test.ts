import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBroker } from '../../src/broker/index.ts';
import { connect, type ConnectionDiagnostic } from '../../src/client/index.ts';
import { event, Outage } from './recovery/outage.ts';
import { until } from './support/scripted.ts';

function isDiagnostic(message: unknown): message is ConnectionDiagnostic {
  return typeof message === 'object' && message !== null && 'line' in message && 'event' in message;
}

/** What the channel tells from now on until the test ends. */
function subscribed(): ConnectionDiagnostic[] {
  const told: ConnectionDiagnostic[] = [];
  const listener = (message: unknown): void => {
    if (isDiagnostic(message)) told.push(message);
  };
  subscribe('amqp1:connection', listener);
  onTestFinished(() => void unsubscribe('amqp1:connection', listener));
  return told;
}

describe('the diagnostics channel of connections', () => {
  it('tells a line for each event of an outage, with its attempt, pause and cause', async () => {
    const told = subscribed();
    const outage = await Outage.behind();
    const connection = await outage.connect();
    outage.cut();
    await until(() => outage.asked >= 3, 'the second attempt');
    const recovered = event(connection, 'recovered');
    outage.restore();
    const { attempts } = await recovered;
    await connection.close();
    expect(told.every((each) => each.containerId === connection.containerId && each.peer === 'broker:5672')).toBe(true);
    const types = told.map((each) => each.event.type);
    expect(types.slice(0, 3)).toEqual(['connected', 'disconnected', 'reconnecting']);
    expect(types.slice(-2)).toEqual(['recovered', 'disconnected']);
    const lines = told.map(({ line }) => line);
    expect(lines[0]).toBe('amqp1 broker:5672: connected');
    expect(lines[1]).toMatch(/^amqp1 broker:5672: disconnected by the transport: connection-lost: /);
    expect(lines[3]).toMatch(/^amqp1 broker:5672: reconnecting: attempt 2 in \d+ ms: .*the network is down/);
    expect(lines.at(-2)).toMatch(/^amqp1 broker:5672: recovered after \d+ ms, attempts: \d+$/);
    expect(lines.at(-1)).toBe('amqp1 broker:5672: disconnected by this side');
    expect(connection.stats()).toMatchObject({ attempts, recoveries: 1 });
  });

  it('tells what ends an outage for good', async () => {
    const told = subscribed();
    const outage = await Outage.behind();
    const connection = await outage.connect({ initialDelay: 1, maxDelay: 1, maxAttempts: 1 });
    outage.cut();
    await connection.closed;
    expect(told.at(-1)?.line).toMatch(/^amqp1 broker:5672: failed: /);
  });

  it('never tells a password', async () => {
    const told = subscribed();
    const broker = await startBroker({ users: { me: 'p4ss-word' } });
    onTestFinished(() => broker.close());
    const connection = await connect(`amqp://me:p4ss-word@127.0.0.1:${broker.port}`);
    await connection.close();
    expect(told).toHaveLength(2);
    for (const { line } of told) expect(line).not.toContain('p4ss-word');
  });

  it('tells of a receiver that settles nothing', async () => {
    const told = subscribed();
    const broker = await startBroker();
    onTestFinished(() => broker.close());
    const connection = await connect('amqp://broker', { transport: () => broker.transport() });
    onTestFinished(() => connection.close());
    const sender = await connection.createSender('q');
    await connection.createReceiver('q', { name: 'slow', credit: 1, stalledAfter: 1 });
    await sender.send('one');
    await until(() => told.some((each) => each.event.type === 'receiverStalled'), 'the stall');
    expect(told.at(-1)?.line).toMatch(
      /^amqp1 broker:5672: the receiver slow of q holds 1 and has settled none for \d+ ms$/,
    );
  });
});
