import { describe, expect, it } from 'vitest';
import { connect } from '../../src/client/index.ts';
import { isLoopback, parseAddress } from '../../src/client/address.ts';
import { failure, thrown } from './support/scripted.ts';

describe('the URL', () => {
  it('has 5672 as port of amqp: and 5671 as port of amqps:', () => {
    expect(parseAddress('amqp://broker')).toEqual({
      secure: false,
      host: 'broker',
      port: 5672,
      user: undefined,
      password: undefined,
    });
    expect(parseAddress('amqps://broker')).toMatchObject({ secure: true, port: 5671 });
    expect(parseAddress('amqp+ssl://broker')).toMatchObject({ secure: true, port: 5671 });
    expect(parseAddress('amqp://broker:1234/')).toMatchObject({ host: 'broker', port: 1234 });
  });

  it('may be a URL object', () => {
    expect(parseAddress(new URL('amqp://u:p@h:1'))).toMatchObject({ host: 'h', port: 1, user: 'u', password: 'p' });
  });

  it('[Z-12] has its user and password percent-decoded', () => {
    const { user, password } = parseAddress('amqp://user%40corp:p%2Fa%3As%20s%25%C3%A9@h');
    expect({ user, password }).toEqual({ user: 'user@corp', password: 'p/a:s s%é' });
  });

  it('[Z-12] names IPv6 addresses in brackets, which are no part of the host', () => {
    expect(parseAddress('amqp://[::1]:5673')).toMatchObject({ host: '::1', port: 5673 });
    expect(parseAddress('amqps://[2001:db8::7]')).toMatchObject({ host: '2001:db8::7', port: 5671 });
  });

  it.each([
    ['http://h', 'the scheme http:'],
    ['h:5672', 'scheme'],
    ['amqp://', 'the URL'],
    ['amqp:///vhost', 'no host'],
    ['not a url', 'the URL is not valid'],
    ['', 'the URL is not valid'],
    ['amqp://h:99999', 'the URL is not valid'],
    ['amqp://h/vhost', 'a virtual host is set by the option hostname'],
    ['amqp://h?heartbeat=1', 'path or query'],
    ['amqp://h/#x', 'path or query'],
    ['amqp://%zz@h', 'the user of the URL'],
    ['amqp://u:%zz@h', 'the password of the URL'],
  ])('refuses %j, and says why', (url, why) => {
    const error = thrown(() => parseAddress(url));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(why);
  });

  it.each(['ws://h', 'wss://h/amqp'])('[W-01] refuses WebSockets: %j', async (url) => {
    const error = await failure(connect(url));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain('the scheme ws');
  });

  it.each([
    'amqp://u:hunter2%zz@h',
    'amqp://u:hunter2@h/vhost',
    'http://u:hunter2@h',
    'amqp://u:hunter2@h:99999',
    'amqp://u:hunter2@',
    'amqp://:hunter2@h',
  ])('never shows the password in an error (%#)', async (url) => {
    const error = await failure(connect(url));
    expect(error.code).toBe('invalid-argument');
    expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain('hunter2');
  });

  it('tells which hosts are this machine', () => {
    expect(['localhost', 'a.localhost', '::1', '127.0.0.1', '127.9.9.9'].map(isLoopback)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
    expect(['example.org', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example'].map(isLoopback)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});
