/** Collects what nobody caught while something runs: it is told as a fault of the case that was running. */
export async function catchingStrays<T>(run: (strays: string[]) => Promise<T>): Promise<T> {
  const strays: string[] = [];
  const rejected = (reason: unknown): void => void strays.push(`unhandled rejection: ${String(reason)}`);
  const thrown = (error: unknown): void => void strays.push(`uncaught exception: ${String(error)}`);
  process.on('unhandledRejection', rejected);
  process.on('uncaughtException', thrown);
  try {
    return await run(strays);
  } finally {
    process.off('unhandledRejection', rejected);
    process.off('uncaughtException', thrown);
  }
}
