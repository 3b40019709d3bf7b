/** Starts jazzer.js so that the processes it starts in turn run as this one does: see node.sh. */
import { join } from 'node:path';

process.argv[0] = join(import.meta.dirname, '.work/node');
await import('./node_modules/@jazzer.js/core/dist/cli.js');
