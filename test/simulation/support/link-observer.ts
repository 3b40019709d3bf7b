/** Serial numbers (RFC 1982): how far `to` lies behind `from`, from -2^31 to 2^31 - 1. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** The farthest that serial numbers can tell apart: a window or credit reaches no farther. */
export const FARTHEST = 0x7fff_ffff;

/** What an endpoint may do on one link, by what it has told and heard. */
export class ObservedLink {
  readonly name: string;
  /** Whether the observed endpoint is the sender. */
  readonly sends: boolean;
  /** The handle by which the peer calls it, once that is known. */
  remoteHandle: number | undefined = undefined;
  /** Deliveries that the endpoint began. */
  deliveryCount = 0;
  /** The highest count up to which the peer ever gave credit. */
  #limit = 0;
  /** The count at which the last credit is used up, as exact as it was given. */
  #last = 0;
  /** Whether a delivery has begun and not ended. */
  open = false;
  /** Whether the endpoint has told that it drained, since the last transfer. */
  drained = false;

  constructor(name: string, sends: boolean, initialDeliveryCount: number) {
    this.name = name;
    this.sends = sends;
    this.deliveryCount = initialDeliveryCount;
    this.#limit = initialDeliveryCount;
  }

  /** The peer gave credit. */
  credit(deliveryCount: number, linkCredit: number): void {
    const limit = (deliveryCount + Math.min(linkCredit, FARTHEST)) >>> 0;
    if (distance(this.#limit, limit) > 0) this.#limit = limit;
    this.#last = (deliveryCount + linkCredit) >>> 0;
  }

  /** Whether another delivery may begin. */
  get hasCredit(): boolean {
    return distance(this.deliveryCount, this.#limit) > 0;
  }

  begin(): void {
    this.deliveryCount = (this.deliveryCount + 1) >>> 0;
  }

  /** The endpoint told its count: by draining it may rise, but not beyond the credit. */
  told(deliveryCount: number): string | undefined {
    const advance = distance(this.deliveryCount, deliveryCount);
    // §2.6.7: a drained sender is at the end of its credit, and that may lie behind the whole circle of counts.
    if (deliveryCount === this.#last) this.#limit = deliveryCount;
    else if (advance < 0) return `its delivery-count fell from ${this.deliveryCount} to ${deliveryCount}`;
    else if (distance(deliveryCount, this.#limit) < 0)
      return `its delivery-count ${deliveryCount} is beyond its credit`;
    this.deliveryCount = deliveryCount;
    return undefined;
  }
}
