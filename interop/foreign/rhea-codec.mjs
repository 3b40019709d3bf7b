/** Reads lines `{ octets }` (hex) or `{ value }` (neutral), answers what rhea reads or writes: `{ value }`, `{ octets }` or `{ error }`. */
import { createInterface } from 'node:readline';
import { read, write } from './rhea-values.mjs';

function answer({ octets, value }) {
  try {
    return octets === undefined
      ? { octets: write(value).toString('hex') }
      : { value: read(Buffer.from(octets, 'hex')) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(answer(JSON.parse(line))));
