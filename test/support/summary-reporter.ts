import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one line that a script can read: `N passed, N failed, N skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    // After the other reporters have had their say.
    process.once('exit', () => {
      process.stdout.write(
        `${count.passed} passed, ${count.failed + errors.length} failed, ${count.skipped + count.pending} skipped\n`,
      );
    });
  }
}
