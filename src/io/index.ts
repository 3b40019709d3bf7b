/** Transports, the clock, and the driver that joins them to an engine. Knows nothing of AMQP but the engine's face. */
export { systemClock, type Clock } from './clock.ts';
export { diagnosticsChannel, type DiagnosticsChannel } from './diagnostics.ts';
export { Driver, nodeScheduler, type DriverOptions, type Scheduler } from './driver.ts';
export { listenTcp, type Listener, type ListenOptions } from './listen.ts';
export { memoryTransportPair } from './memory.ts';
export { SocketTransport } from './socket-transport.ts';
export { connectTcp, type TcpOptions } from './tcp.ts';
export { connectTls, type Pem, type TlsConnectOptions, type TlsOptions } from './tls.ts';
export { traceFromEnvironment } from './trace.ts';
export type { Transport, TransportEvents } from './transport.ts';
