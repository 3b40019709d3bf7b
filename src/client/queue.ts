/** Places that are kept while the queue is empty. */
const MOST_KEPT = 1024;

/** A queue that takes and gives in constant time. */
export class Queue<T> {
  /** From `#head` to `#end` they wait; the other places are empty. An array that grows anew each time costs memory. */
  #items: (T | undefined)[] = [];
  #head = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#head;
  }

  push(item: T): void {
    this.#items[this.#end++] = item;
  }

  shift(): T | undefined {
    if (this.#head === this.#end) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#end) this.#set(this.#end > MOST_KEPT ? [] : this.#items, 0);
    else if (this.#head >= MOST_KEPT && this.#head * 2 >= this.#end) this.#set(this.#waiting, this.size);
    return item;
  }

  #set(items: (T | undefined)[], size: number): void {
    this.#items = items;
    this.#head = 0;
    this.#end = size;
  }

  get #waiting(): (T | undefined)[] {
    return this.#items.slice(this.#head, this.#end);
  }

  /** Takes an item out of the middle; says whether it was there. */
  remove(item: T): boolean {
    const items = this.#waiting;
    const index = items.indexOf(item);
    if (index < 0) return false;
    items.splice(index, 1);
    this.#set(items, items.length);
    return true;
  }

  /** Drops the items that are not wanted; says how many those were. */
  drop(isUnwanted: (item: T) => boolean): number {
    const items = this.clear();
    const wanted = items.filter((item) => !isUnwanted(item));
    this.#set(wanted, wanted.length);
    return items.length - this.size;
  }

  /** Takes all items. */
  clear(): T[] {
    const items = this.#waiting.filter((item) => item !== undefined);
    this.#set([], 0);
    return items;
  }
}
