import type { WireFrame } from '../../../src/testing/index.ts';
import { numberOf } from './frames.ts';
import { distance, FARTHEST, ObservedLink } from './link-observer.ts';

/** What an endpoint may do on one session. Each method gives what is wrong, if anything is. */
export class ObservedSession {
  /** The endpoint has sent its end; the peer has. */
  ended = false;
  remoteEnded = false;
  #handleMax = 0xffff_ffff;
  readonly #links = new Map<number, ObservedLink>();
  readonly #byRemoteHandle = new Map<number, ObservedLink>();
  /** The next transfer-id of the endpoint, and how far the peer lets it go. */
  #nextOutgoing = 0;
  #windowEnd: number | undefined = undefined;
  /** Transfers of the peer that have come. */
  #nextIncoming: number | undefined = undefined;
  #nextDeliveryId = 0;
  /** Unsettled deliveries that the endpoint sent or received. */
  readonly #sent = new Set<number>();
  readonly #received = new Set<number>();
  #receiving = new Set<number>();

  saidBegin(begin: WireFrame): void {
    this.#nextOutgoing = numberOf(begin, 'next-outgoing-id') ?? 0;
  }

  heardBegin(begin: WireFrame): void {
    this.#handleMax = numberOf(begin, 'handle-max') ?? 0xffff_ffff;
    this.#nextIncoming = numberOf(begin, 'next-outgoing-id');
    // Both endpoints of these runs count their transfers from 0.
    this.#windowEnd = Math.min(numberOf(begin, 'incoming-window') ?? 0, FARTHEST);
  }

  /** A frame that the endpoint sent. */
  said(frame: WireFrame): string | undefined {
    if (this.ended) return `a ${frame.is} was sent after the end of its session`;
    switch (frame.is) {
      case 'attach':
        return this.#saidAttach(frame);
      case 'detach':
        return this.#links.delete(numberOf(frame, 'handle') ?? -1) ? undefined : 'a detach of what is not attached';
      case 'flow':
        return this.#saidFlow(frame);
      case 'transfer':
        return this.#saidTransfer(frame);
      case 'disposition':
        return this.#saidDisposition(frame);
      case 'end':
        this.ended = true;
        return undefined;
      default:
        return undefined;
    }
  }

  #saidAttach(frame: WireFrame): string | undefined {
    const handle = numberOf(frame, 'handle') ?? -1;
    if (this.#links.has(handle)) return `the handle ${handle} was attached twice`;
    if (handle > this.#handleMax) return `the handle ${handle} is above the handle-max ${this.#handleMax}`;
    const sends = frame.fields['role'] === false;
    const name = String(frame.fields['name']);
    for (const other of this.#links.values())
      if (other.name === name && other.sends === sends) return `the link ${name} was attached twice`;
    this.#links.set(handle, new ObservedLink(name, sends, numberOf(frame, 'initial-delivery-count') ?? 0));
    return undefined;
  }

  #saidFlow(frame: WireFrame): string | undefined {
    const next = numberOf(frame, 'next-incoming-id');
    if (this.#nextIncoming !== undefined && next !== this.#nextIncoming)
      return `a flow expects transfer ${next}, and ${this.#nextIncoming} comes next`;
    if (numberOf(frame, 'next-outgoing-id') !== this.#nextOutgoing)
      return `a flow names ${numberOf(frame, 'next-outgoing-id')} as next transfer, and it is ${this.#nextOutgoing}`;
    const handle = numberOf(frame, 'handle');
    if (handle === undefined) return undefined;
    const link = this.#links.get(handle);
    if (link === undefined) return `a flow for the handle ${handle}, which is not attached`;
    const count = numberOf(frame, 'delivery-count');
    return link.sends && count !== undefined ? link.told(count) : undefined;
  }

  #saidTransfer(frame: WireFrame): string | undefined {
    const handle = numberOf(frame, 'handle') ?? -1;
    const link = this.#links.get(handle);
    if (link === undefined || !link.sends) return `a transfer on the handle ${handle}, which does not send`;
    if (this.#windowEnd === undefined || distance(this.#nextOutgoing, this.#windowEnd) <= 0)
      return 'a transfer without session window';
    this.#nextOutgoing = (this.#nextOutgoing + 1) >>> 0;
    const wrong = link.open ? undefined : this.#begun(frame, link);
    link.open = frame.fields['more'] === true && frame.fields['aborted'] !== true;
    return wrong;
  }

  #begun(frame: WireFrame, link: ObservedLink): string | undefined {
    if (!link.hasCredit) return `a transfer on the link ${link.name} without credit`;
    link.begin();
    const id = numberOf(frame, 'delivery-id');
    if (id !== this.#nextDeliveryId) return `the delivery ${id} came where ${this.#nextDeliveryId} is next`;
    this.#nextDeliveryId = (id + 1) >>> 0;
    if (frame.fields['delivery-tag'] === undefined) return 'a delivery without tag';
    if (frame.fields['settled'] !== true) this.#sent.add(id);
    return undefined;
  }

  #saidDisposition(frame: WireFrame): string | undefined {
    const held = frame.fields['role'] === true ? this.#received : this.#sent;
    const first = numberOf(frame, 'first') ?? 0;
    const last = numberOf(frame, 'last') ?? first;
    for (let id = first; ; id = (id + 1) >>> 0) {
      if (!held.has(id)) return `a disposition of the delivery ${id}, which is not unsettled here`;
      if (frame.fields['settled'] === true) held.delete(id);
      if (id === last) return undefined;
    }
  }

  /** A frame that reached the endpoint. Whether the peer may send it is for its own observer to say. */
  heard(frame: WireFrame): void {
    switch (frame.is) {
      case 'attach':
        this.#heardAttach(frame);
        break;
      case 'detach':
        this.#heardDetach(numberOf(frame, 'handle') ?? -1);
        break;
      case 'flow':
        this.#heardFlow(frame);
        break;
      case 'transfer':
        this.#heardTransfer(frame);
        break;
      case 'disposition':
        this.#heardDisposition(frame);
        break;
      case 'end':
        this.remoteEnded = true;
        break;
      default:
    }
  }

  #heardAttach(frame: WireFrame): void {
    const name = String(frame.fields['name']);
    const link = [...this.#links.values()].find(
      (other) =>
        other.name === name && other.sends === (frame.fields['role'] === true) && other.remoteHandle === undefined,
    );
    const handle = numberOf(frame, 'handle') ?? -1;
    if (link !== undefined) {
      link.remoteHandle = handle;
      this.#byRemoteHandle.set(handle, link);
    } else this.#waiting.set(handle, frame);
  }

  /** Attaches of the peer that the endpoint has not answered yet. */
  readonly #waiting = new Map<number, WireFrame>();

  #linkOf(handle: number): ObservedLink | undefined {
    const known = this.#byRemoteHandle.get(handle);
    if (known !== undefined) return known;
    const attach = this.#waiting.get(handle);
    if (attach === undefined) return undefined;
    // The endpoint has answered it meanwhile, under the same name and in the other role.
    const link = [...this.#links.values()].find(
      ({ name, sends }) => name === attach.fields['name'] && sends === (attach.fields['role'] === true),
    );
    if (link !== undefined) {
      this.#waiting.delete(handle);
      this.#byRemoteHandle.set(handle, link);
    }
    return link;
  }

  #heardDetach(handle: number): void {
    this.#byRemoteHandle.delete(handle);
    this.#waiting.delete(handle);
    this.#receiving.delete(handle);
  }

  #heardFlow(frame: WireFrame): void {
    // §2.5.6: what the peer will send next is what its flow says.
    this.#nextIncoming = numberOf(frame, 'next-outgoing-id') ?? this.#nextIncoming;
    const next = numberOf(frame, 'next-incoming-id') ?? 0;
    const end = (next + Math.min(numberOf(frame, 'incoming-window') ?? 0, FARTHEST)) >>> 0;
    if (this.#windowEnd === undefined || distance(this.#windowEnd, end) > 0) this.#windowEnd = end;
    const handle = numberOf(frame, 'handle');
    const credit = numberOf(frame, 'link-credit');
    const link = handle === undefined ? undefined : this.#linkOf(handle);
    if (link?.sends === true && credit !== undefined) link.credit(numberOf(frame, 'delivery-count') ?? 0, credit);
  }

  #heardTransfer(frame: WireFrame): void {
    if (this.#nextIncoming !== undefined) this.#nextIncoming = (this.#nextIncoming + 1) >>> 0;
    const handle = numberOf(frame, 'handle') ?? -1;
    const id = numberOf(frame, 'delivery-id');
    if (id !== undefined && !this.#receiving.has(handle) && frame.fields['settled'] !== true) this.#received.add(id);
    if (frame.fields['more'] === true && frame.fields['aborted'] !== true) this.#receiving.add(handle);
    else this.#receiving.delete(handle);
  }

  #heardDisposition(frame: WireFrame): void {
    if (frame.fields['settled'] !== true) return;
    const held = frame.fields['role'] === true ? this.#sent : this.#received;
    const first = numberOf(frame, 'first') ?? 0;
    const last = numberOf(frame, 'last') ?? first;
    for (const id of held) if (distance(first, id) >= 0 && distance(id, last) >= 0) held.delete(id);
  }
}
