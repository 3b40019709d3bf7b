/** SASL (part 5 of the standard): mechanisms, and the exchange from both sides. No I/O. */
export { anonymous, external, plain, xoauth2 } from './client-mechanisms.ts';
export { SaslClient, type SaslClientOptions } from './client.ts';
export type { SaslHost } from './exchange.ts';
export type { SaslAsk, SaslMechanism, SaslServerMechanism, SaslVerdict } from './mechanism.ts';
export { equalSecrets, serverAnonymous, serverExternal, serverPlain } from './server-mechanisms.ts';
export { SaslServer } from './server.ts';
