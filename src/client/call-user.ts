/**
 * Calls a function of the application, soon. What it throws is an uncaught exception of the application, as with any
 * callback; it does not run within the engine, so it cannot harm a connection.
 */
export function callUser(callback: () => void): void {
  queueMicrotask(callback);
}
