/** Dynamic nodes have addresses of their own kind: once such a node is gone, its address means nothing any more. */
const DYNAMIC = 'dynamic/';

/** RabbitMQ names a queue `/queues/NAME`, percent-encoded; here that is the queue NAME, so that programs run on both. */
export function nameOf(address: string): string {
  const [, name] = /^\/queues?\/(.+)$/s.exec(address) ?? [];
  if (name === undefined) return address;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The address of a dynamic node; it tells whose it is (§3.5.3). */
export function dynamicAddress(containerId: string, linkName: string, count: number): string {
  return `${DYNAMIC}${containerId}/${linkName}/${count}`;
}

/** Whether an address is that of a dynamic node, which nobody but its link can bring about. */
export function isDynamic(name: string): boolean {
  return name.startsWith(DYNAMIC);
}
