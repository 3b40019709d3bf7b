/** The scenarios by name, in the order in which they run. Each is given a ClientRun (../client-run.mjs). */
import { anonymousRelay } from './anonymous-relay.mjs';
import { bulk } from './bulk.mjs';
import { drain } from './drain.mjs';
import { dynamicNode } from './dynamic.mjs';
import { duplicates } from './duplicates.mjs';
import { large } from './large.mjs';
import { middle } from './middle.mjs';
import { muchCredit } from './much-credit.mjs';
import { peerCloses } from './peer-closes.mjs';
import { plain } from './plain.mjs';
import { receiverOutcomes } from './receiver-outcomes.mjs';
import { refusedOpen } from './refused-open.mjs';
import { sections } from './sections.mjs';
import { selector } from './selector.mjs';
import { senderOutcomes } from './sender-outcomes.mjs';
import { sharedSubscription } from './shared.mjs';
import { tls } from './tls.mjs';
import { topic } from './topic.mjs';
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

const java = { 'dynamic node': dynamicNode, 'anonymous relay': anonymousRelay, selector, topic };

/** What some peers can do, or do in a way of their own, by their name. */
export const ownScenarios = {
  artemis: { ...java, 'shared subscription': sharedSubscription, duplicates },
  classic: java,
  'broker-j': {
    ...java,
    'shared subscription': sharedSubscription,
    'much credit': muchCredit,
    'refused open': refusedOpen,
  },
};
