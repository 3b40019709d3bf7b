const nothing = (): void => undefined;

/** A promise with its two levers. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  #resolve: (value: T) => void = nothing;
  #reject: (error: Error) => void = nothing;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    this.#resolve(value);
  }

  reject(error: Error): void {
    this.#reject(error);
  }
}
