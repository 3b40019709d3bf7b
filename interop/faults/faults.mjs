/**
 * What goes wrong: each fault is done to a broker or to the network before it, and undone. `healed()` says that the
 * broker can be reached again from now on; where a fault does not call it, that is when the fault is over.
 */
import { setTimeout as delay } from 'node:timers/promises';

const each = (items, work) => Promise.all(items.map(work));
const set = (proxies, state) => each(proxies, (proxy) => Object.assign(proxy, state));
const cut = (proxies) => each(proxies, (proxy) => proxy.cut());
const heal = (proxies) => each(proxies, (proxy) => proxy.heal());

/** The network: the same for a broker of any kind. */
const network = {
  'the connections are cut': ({ proxies }) => cut(proxies),
  'they are cut five times in a row': async ({ proxies }) => {
    for (let times = 0; times < 5; times++) {
      await cut(proxies);
      await delay(150);
    }
  },
  'nothing passes for 6 s': async ({ proxies }) => {
    await set(proxies, { blackHole: true });
    await delay(6000);
    await cut(proxies);
    await heal(proxies);
  },
  'the network is down for 3 s': async ({ proxies }) => {
    await set(proxies, { down: true });
    await cut(proxies);
    await delay(3000);
    await heal(proxies);
  },
  'each piece takes 100 ms for 3 s': async ({ proxies }) => {
    await set(proxies, { latency: 100 });
    await delay(3000);
    await heal(proxies);
  },
  '50 kB/s pass for 3 s': async ({ proxies }) => {
    await set(proxies, { rate: 50_000 });
    await delay(3000);
    await heal(proxies);
  },
};

/** A broker that is alone. */
const alone = {
  'the broker is killed and started again': async ({ site }) => {
    await site.nodes[0].kill();
    await site.nodes[0].again();
  },
  'the broker hangs for 8 s': async ({ site }) => {
    await site.nodes[0].freeze();
    await delay(8000);
    await site.nodes[0].thaw();
  },
  'the password is changed, and the connections are cut': async ({ site, proxies, credentials }) => {
    const password = `changed-${Date.now()}`;
    await site.nodes[0].changePassword(password);
    credentials.password = password;
    await cut(proxies);
  },
};

/** Three nodes that hold the same queue. */
const cluster = {
  "the queue's leader is killed, and started again 3 s later": async ({ site, healed }) => {
    const leader = await site.leader();
    await leader.kill();
    healed();
    await delay(3000);
    await leader.again();
  },
  'a node that does not lead hangs for 8 s': async ({ site }) => {
    const leader = await site.leader();
    const other = site.nodes.find((node) => node !== leader);
    await other.freeze();
    await delay(8000);
    await other.thaw();
  },
  'each node in turn is killed and started again': async ({ site }) => {
    for (const node of site.nodes) {
      await node.kill();
      await node.again();
    }
  },
};

/** Two brokers of which one serves. */
const pair = {
  'the primary is killed, the backup takes over, and hands back 5 s later': async ({ site, healed }) => {
    await site.nodes[0].kill();
    await site.takenOver();
    healed();
    await delay(5000);
    await site.nodes[0].again();
  },
  'the primary is stopped in order, the backup takes over, and hands back 5 s later': async ({ site, healed }) => {
    await site.nodes[0].stop();
    await site.takenOver();
    healed();
    await delay(5000);
    await site.nodes[0].again();
  },
};

/** What is done at a site of each kind. What only concerns the network is the same for all. */
const faults = { alone: { ...network, ...alone }, cluster, pair };

/** Each run of a site: what is done, and how the load differs from the usual. */
export function faultsOf({ kind }) {
  const all = Object.entries(faults[kind]);
  const runs = all.map(([name, fault]) => ({ name, fault, load: {} }));
  const again = all
    .filter(([name]) => /are cut$|killed/.test(name))
    .map(([name, fault]) => ({ name: `${name}; sent again`, fault, load: { resend: true } }));
  return [...runs, ...again];
}

/** The minute without a network: one broker is enough for it, since what grows or does not is in the client. */
export const outage = {
  name: 'the network is down for 60 s',
  load: { flood: true },
  async fault({ proxies }) {
    await set(proxies, { down: true });
    await cut(proxies);
    await delay(60_000);
    await heal(proxies);
  },
};
