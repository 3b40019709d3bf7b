/** What both kinds of sending links of the peer have: credit (§2.6.7), and how many messages are left. */
export class SourceCredit {
  role = 'sender';
  handle;
  deliveryCount = 0;
  credit = 0;
  drain = false;
  #remaining;

  /** `remaining` messages will be sent: `Infinity` for a stream without end. */
  constructor(handle, remaining) {
    this.handle = handle;
    this.#remaining = remaining;
  }

  /** Takes the peer's view of the link: its credit starts at the delivery-count that it has seen. */
  grant(deliveryCount, linkCredit, drain) {
    this.credit = Math.max(0, (deliveryCount + linkCredit - this.deliveryCount) | 0);
    this.drain = drain;
  }

  /** How many messages may begin now, as far as the link is concerned. */
  get ready() {
    return Math.min(this.credit, this.#remaining);
  }

  /** `count` messages have begun. */
  used(count) {
    this.credit -= count;
    this.#remaining -= count;
    this.deliveryCount = (this.deliveryCount + count) >>> 0;
  }

  /** Uses up what credit is left, as a drain asks; true if a flow has to say so. */
  drained() {
    if (!this.drain || this.credit === 0 || this.#remaining > 0) return false;
    this.deliveryCount = (this.deliveryCount + this.credit) >>> 0;
    this.credit = 0;
    return true;
  }
}
