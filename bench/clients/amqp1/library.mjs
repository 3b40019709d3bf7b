/** The package as a user gets it: it refers to itself by name only from its own root, so this takes its `exports`. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const root = createRequire(new URL('../../../package.json', import.meta.url));

export const { connect, encodeMessage, decodeMessage } = await import(pathToFileURL(root.resolve('amqp1')).href);
