/** What can be held in a list: it knows its neighbours there. */
export interface Held<D> {
  /** The one before it. */
  previous: D | undefined;
  /** The one after it. */
  next: D | undefined;
}

/** The unsettled deliveries of one link, oldest first. Adding and removing cost the same however many there are. */
export class HeldList<D extends Held<D>> {
  #first: D | undefined = undefined;
  #last: D | undefined = undefined;

  /** Adds one at the end. */
  add(delivery: D): void {
    delivery.previous = this.#last;
    if (this.#last === undefined) this.#first = delivery;
    else this.#last.next = delivery;
    this.#last = delivery;
  }

  /** Removes one that is here. */
  remove(delivery: D): void {
    const { previous, next } = delivery;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    delivery.previous = undefined;
    delivery.next = undefined;
  }

  /** All of them, oldest first. */
  all(): D[] {
    const found: D[] = [];
    for (let delivery = this.#first; delivery !== undefined; delivery = delivery.next) found.push(delivery);
    return found;
  }
}
