/** The queue whose messages are settled as they are sent: each is delivered at most once. */
export const LOSSY = 'lossy';
