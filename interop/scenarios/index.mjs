/** The scenarios by name, in the order in which they run. Each is given a ClientRun (../client-run.mjs). */
import { bulk } from './bulk.mjs';
import { drain } from './drain.mjs';
import { large } from './large.mjs';
import { middle } from './middle.mjs';
import { peerCloses } from './peer-closes.mjs';
import { plain } from './plain.mjs';
import { receiverOutcomes } from './receiver-outcomes.mjs';
import { sections } from './sections.mjs';
import { senderOutcomes } from './sender-outcomes.mjs';
import { tls } from './tls.mjs';
import { values } from './values.mjs';

export const scenarios = {
  plain,
  tls,
  bulk,
  'receiver outcomes': receiverOutcomes,
  'sender outcomes': senderOutcomes,
  large,
  values,
  sections,
  drain,
  'close in the middle': middle,
  'peer closes': peerCloses,
};
