/** What the runner says of a test that waits in vain. */
export const NOT_SETTLED = 'did not settle within';

/**
 * How a mutant ended: a test `failed`; a loop ran so much more often than without the mutant that it is `endless`
 * (counted, so the load of the machine plays no part); only the clock ended it, or the process broke (`timed`); or it
 * `survived`. `nothing` is said of a mutant that was left out or could not be made.
 */
export function endOf({ status, statusReason = '' }) {
  switch (status) {
    case 'Killed':
      return statusReason.includes(NOT_SETTLED) ? 'timed' : 'failed';
    // Out of memory: what a declared size could cost without its bound.
    case 'RuntimeError':
      return 'timed';
    case 'Timeout':
      return statusReason.includes('Hit limit') ? 'endless' : 'timed';
    case 'Survived':
    case 'NoCoverage':
      return 'survived';
    default:
      return 'nothing';
  }
}
