import type { ScriptedPeer } from '../../../src/testing/index.ts';
import { badInput } from './cases.ts';
import { suffer, type Fate, type Victim, type VictimOptions } from './victim.ts';

/** Sends the reads of a case, those left out that only set the connection up. */
export function sendCase(peer: ScriptedPeer, id: string): void {
  const { reads } = badInput(id);
  for (const read of reads.length > 1 ? reads.slice(1) : reads) {
    if (read === 'EOF') peer.end();
    else peer.sendRaw(read);
  }
}

/** A case that comes once links are attached: its own octets, or what is described. */
export const attacked =
  (expected: Fate, attack?: (victim: Victim) => void | Promise<void>, options?: VictimOptions) =>
  (id: string): Promise<void> =>
    suffer(expected, attack ?? (({ peer }) => sendCase(peer, id)), options);
