import { describe, expect, it } from 'vitest';
import { connectError, withOptions } from '../../src/io/socket-error.ts';

const coded = (code: string): Error => Object.assign(new Error(`it failed with ${code}`), { code });

describe('connectError', () => {
  it.each([
    ['ENOTFOUND', false, 'host-not-found'],
    ['EAI_AGAIN', true, 'host-not-found'],
    ['ECONNREFUSED', true, 'connection-refused'],
    ['ETIMEDOUT', true, 'connect-failed'],
    ['ECONNRESET', false, 'connect-failed'],
    ['ECONNRESET', true, 'tls-failed'],
    ['EPROTO', true, 'tls-failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true, 'tls-failed'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', true, 'tls-failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true, 'certificate-rejected'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true, 'certificate-rejected'],
    ['SELF_SIGNED_CERT_IN_CHAIN', true, 'certificate-rejected'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true, 'certificate-rejected'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true, 'certificate-rejected'],
    ['CERT_HAS_EXPIRED', true, 'certificate-rejected'],
    ['CERT_NOT_YET_VALID', true, 'certificate-rejected'],
    ['CERT_REVOKED', true, 'certificate-rejected'],
    ['INVALID_PURPOSE', true, 'certificate-rejected'],
  ])('%s, with TLS %s: %s', (code, secure, expected) => {
    const cause = coded(code);
    expect(connectError(cause, 'broker', 5671, secure)).toMatchObject({ code: expected, scope: 'connection', cause });
  });

  it.each(['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'])(
    'does not blame the certificate of the peer for %s, which is about ours',
    (code) => {
      expect(connectError(coded(code), 'broker', 5671, true).code).toBe('tls-failed');
    },
  );

  it('[A-03] says what is wrong with a certificate', () => {
    expect(connectError(coded('CERT_HAS_EXPIRED'), 'broker', 5671, true).message).toMatch(
      /certificate of broker:5671 is not trusted: it failed with CERT_HAS_EXPIRED\. .*tls\.ca/,
    );
  });

  it('tells of the address that refused, among several', () => {
    const cause = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]);
    expect(connectError(cause, 'broker', 5672, false)).toMatchObject({ code: 'connection-refused', cause });
    const other = new AggregateError([coded('ENETUNREACH'), coded('ETIMEDOUT')]);
    expect(connectError(other, '::1', 5672, false)).toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining('[::1]:5672 failed: it failed with ENETUNREACH'),
    });
    expect(connectError(new AggregateError([], 'nothing'), 'broker', 5672, false)).toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining('nothing'),
    });
  });
});

describe('withOptions', () => {
  it.each([[new RangeError('port')], ['port']])('makes an error of ours of %s', (cause) => {
    const make = (): never => {
      throw cause;
    };
    expect(() => withOptions(make)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('port'), cause }),
    );
    expect(withOptions(() => 1)).toBe(1);
  });
});
