import { amqpError } from '../../errors/index.ts';
import type { Open } from '../../definitions/index.ts';
import { AmqpMap } from '../../codec/index.ts';
import { parseAddress, type Address } from '../address.ts';
import type { ParsedReconnectOptions } from './reconnect-options.ts';

/** What the program says of where to connect to, before each round of attempts. */
export interface HostAttempt {
  /** The number of the round of attempts within this outage, from 1; also for the first connection. */
  readonly round: number;
  /** Why the last attempt failed, or the connection before it ended; undefined for the first. */
  readonly error: Error | undefined;
  /** Aborted when the program does not want the connection any more. */
  readonly signal: AbortSignal;
}

/** One URL, or several that lead to the same broker. */
export type Hosts = string | URL | readonly (string | URL)[];

/**
 * Where to connect to: URLs, or a function that gives them. It is called before each round of attempts, so it may look
 * up hosts and fetch credentials that expire. Where it throws an error that is not one of this library, or gives an
 * empty list because nobody serves just now, that is an attempt that failed and may succeed later.
 *
 * @example
 * ```ts
 * import { connect } from 'amqp1';
 *
 * const token = await Promise.resolve('fetched anew each time');
 * const hosts = async () => [`amqps://service:${encodeURIComponent(token)}@broker.example`];
 * const connection = await connect(hosts, { reconnect: true });
 * ```
 */
export type HostSource = Hosts | ((attempt: HostAttempt) => Hosts | Promise<Hosts>);

/** Whether a peer may send us from one address to another: never from TLS to clear text. */
export const isAsSecure = (from: Address, to: Pick<Address, 'secure'>): boolean => to.secure || !from.secure;

function parseAll(hosts: Hosts): Address[] {
  const list = Array.isArray(hosts) ? hosts : [hosts];
  if (list.length === 0) throw amqpError('invalid-argument', 'there is no URL to connect to');
  return list.map((url: string | URL) => parseAddress(url));
}

/** What a function of the program says now. Nobody to connect to is no mistake: somebody may be there later. */
async function ask(source: (attempt: HostAttempt) => Hosts | Promise<Hosts>, attempt: HostAttempt): Promise<Hosts> {
  const hosts = await source(attempt);
  if (Array.isArray(hosts) && hosts.length === 0)
    throw amqpError('host-not-found', 'the function that says where to connect to gave no URL');
  return hosts;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const drawn = items.map((item) => ({ item, place: random() }));
  return drawn.toSorted((one, other) => one.place - other.place).map(({ item }) => item);
}

/** The addresses that are tried, in rounds: each that is known once, then the program is asked again. */
export class HostList {
  readonly #source: HostSource;
  readonly #order: ParsedReconnectOptions['order'];
  readonly #random: () => number;
  #round: Address[] = [];
  #rounds = 0;
  #learned: Address[] = [];
  #redirect: Address | undefined = undefined;
  /** Whether the last address was one that a peer had sent us to. */
  #followed = false;

  constructor(source: HostSource, { order, random }: Pick<ParsedReconnectOptions, 'order' | 'random'>) {
    this.#source = source;
    this.#order = order;
    this.#random = random;
  }

  /** Whether a function of the program says where to connect to. */
  get isAsked(): boolean {
    return typeof this.#source === 'function';
  }

  /** An outage begins: the first round is asked for anew. */
  begin(): void {
    this.#round = [];
    this.#rounds = 0;
  }

  /** Whether each address of this round was tried. */
  get roundIsOver(): boolean {
    return this.#round.length === 0 && this.#redirect === undefined;
  }

  /**
   * The next address.
   *
   * @throws `invalid-argument` for URLs that are not valid; whatever the program's function throws, and `host-not-found`
   * where it gives none
   */
  async next(error: Error | undefined, signal: AbortSignal): Promise<Address> {
    const redirect = this.#redirect;
    this.#redirect = undefined;
    this.#followed = redirect !== undefined;
    if (redirect !== undefined) return redirect;
    if (this.#round.length === 0) this.#round = await this.#newRound(error, signal);
    const [first, ...rest] = this.#round;
    this.#round = rest;
    return first ?? this.next(error, signal);
  }

  async #newRound(error: Error | undefined, signal: AbortSignal): Promise<Address[]> {
    const attempt = { round: ++this.#rounds, error, signal };
    const given = parseAll(typeof this.#source === 'function' ? await ask(this.#source, attempt) : this.#source);
    const all = [...given, ...this.#learnedBehind(given)];
    return this.#order === 'shuffled' ? shuffled(all, this.#random) : all;
  }

  /** The learned addresses that are not among the given, with the credentials of now: tokens expire. */
  #learnedBehind(given: readonly Address[]): Address[] {
    const known = new Set(given.map(placeOf));
    const [first] = given;
    return this.#learned
      .filter((address) => !known.has(placeOf(address)))
      .map((address) => ({ ...address, user: first?.user, password: first?.password }))
      .filter((address) => first === undefined || isAsSecure(first, address));
  }

  /** Learns what the open of a peer tells of other hosts that serve as well: ActiveMQ's `failover-server-list`. */
  learn(from: Address, open: Open | undefined): void {
    const list: unknown = open?.properties?.['failover-server-list'];
    if (!Array.isArray(list)) return;
    const learned = list.map((entry: unknown) =>
      entry instanceof AmqpMap ? addressOf(from, readText(entry)) : undefined,
    );
    this.#learned = learned.filter((address) => address !== undefined);
  }

  /**
   * The next attempt goes where the peer said (§2.8.16), unless that is less secure, or we came there by a redirect:
   * peers that send us round in circles do not keep us from the addresses of the program.
   */
  redirect(from: Address, info: Readonly<Record<string, unknown>> | undefined): void {
    if (info !== undefined && !this.#followed) this.#redirect = addressOf(from, (key) => info[key]);
  }
}

const placeOf = ({ host, port, secure }: Address): string => `${secure ? 'amqps' : 'amqp'}://${host}:${port}`;

/** Reads a member of a map by its text, whether symbol or string. */
const readText =
  (map: AmqpMap) =>
  (key: string): unknown => {
    for (const [each, value] of map) if (String(each) === key) return value;
    return undefined;
  };

/** The address that a peer names by `network-host`, `port` and perhaps `scheme`; undefined where it must not be used. */
function addressOf(from: Address, read: (key: string) => unknown): Address | undefined {
  const [host, port, scheme] = [read('network-host') ?? read('hostname'), read('port'), read('scheme')];
  if (typeof host !== 'string' || host === '' || typeof port !== 'number' || port < 1 || port > 65_535)
    return undefined;
  const secure = scheme === undefined ? from.secure : scheme === 'amqps' || scheme === 'amqp+ssl';
  const address = { ...from, host, port, secure };
  return isAsSecure(from, address) ? address : undefined;
}
