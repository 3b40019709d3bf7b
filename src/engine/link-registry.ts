import { amqpError } from '../errors/index.ts';
import type { Link } from './link.ts';
import { NumberPool } from './number-pool.ts';

const keyOf = (role: boolean, name: string): string => `${role ? 'r' : 's'}:${name}`;

/** The links of a session by their three names: our handle, the peer's handle, and role with name (§2.6.1, §2.6.2). */
export class LinkRegistry {
  readonly #handles = new NumberPool();
  readonly #byRemoteHandle = new Map<number, Link>();
  readonly #byName = new Map<string, Link>();
  readonly #all = new Set<Link>();
  #recentHandle = -1;
  #recent: Link | undefined = undefined;

  /** Takes the lowest free handle. */
  takeHandle(most: number): number {
    const handle = this.#handles.take(most);
    if (handle === undefined) throw amqpError('handles-exhausted', `all ${most + 1} handles of the session are in use`);
    return handle;
  }

  releaseHandle(handle: number): void {
    this.#handles.release(handle);
  }

  /** Whether another link can be attached. */
  hasHandle(most: number): boolean {
    return this.#handles.count <= most;
  }

  /** The link of a role and name. */
  named(role: boolean, name: string): Link | undefined {
    return this.#byName.get(keyOf(role, name));
  }

  /** Adds a link and has it attach; one that cannot be attached leaves nothing behind. */
  attach(link: Link, attach: () => void): void {
    const other = this.named(link.role, link.name);
    if (other !== undefined && other.state !== 'closeSent' && other.state !== 'discarding') {
      throw amqpError(
        'illegal-state',
        `the session has a ${link.role ? 'receiver' : 'sender'} named ${link.name} already`,
      );
    }
    this.add(link);
    try {
      attach();
    } catch (error) {
      this.remove(link);
      throw error;
    }
  }

  add(link: Link): void {
    this.#byName.set(keyOf(link.role, link.name), link);
    this.#all.add(link);
  }

  remove(link: Link): void {
    const key = keyOf(link.role, link.name);
    if (this.#byName.get(key) === link) this.#byName.delete(key);
    this.#all.delete(link);
  }

  map(remoteHandle: number, link: Link): void {
    this.#byRemoteHandle.set(remoteHandle, link);
  }

  unmap(remoteHandle: number): void {
    this.#byRemoteHandle.delete(remoteHandle);
    this.#recentHandle = -1;
    this.#recent = undefined;
  }

  /** The link that the peer means by its handle. */
  byRemoteHandle(remoteHandle: number): Link | undefined {
    if (remoteHandle === this.#recentHandle) return this.#recent;
    const link = this.#byRemoteHandle.get(remoteHandle);
    if (link !== undefined) {
      this.#recentHandle = remoteHandle;
      this.#recent = link;
    }
    return link;
  }

  /** All links. */
  all(): Link[] {
    return [...this.#all];
  }
}
