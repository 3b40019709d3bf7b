import { DispositionFields, FlowFields, writeDisposition, writeFlow } from '../definitions/index.ts';
import type { DispositionRange } from './disposition-batch.ts';
import { canSend } from './endpoint-state.ts';
import { FRAME_HEADER_SIZE, type FrameWriter } from './frame-writer.ts';
import type { Link } from './link.ts';
import type { IncomingWindow, OutgoingWindow } from './windows.ts';

/** More octets than a flow without properties or a disposition with a plain state needs; the page grows for others. */
const SMALL_FRAME = 128;

/** Writes the flows and dispositions of a session. Flows that are asked for several times leave once. */
export class SessionOutput {
  readonly #frames: FrameWriter;
  readonly #channel: number;
  readonly #incoming: IncomingWindow;
  readonly #outgoing: OutgoingWindow;
  readonly #flow = new FlowFields();
  readonly #disposition = new DispositionFields();
  #links: Link[] = [];
  #wanted = false;

  constructor(frames: FrameWriter, channel: number, incoming: IncomingWindow, outgoing: OutgoingWindow) {
    this.#frames = frames;
    this.#channel = channel;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  /** Asks for a flow of the session. Any flow of a link serves as well: it carries the same windows. */
  want(): void {
    this.#wanted = true;
  }

  /** Asks for a flow of a link. */
  wantFor(link: Link): void {
    if (link.flowScheduled) return;
    link.flowScheduled = true;
    this.#links.push(link);
  }

  /** Writes the flows that were asked for. */
  flush(): void {
    const links = this.#links;
    this.#links = [];
    for (const link of links) {
      link.flowScheduled = false;
      if (canSend(link.state)) this.#write(link);
    }
    if (this.#wanted) this.#write(undefined);
  }

  #write(link: Link | undefined): void {
    const flow = this.#flow;
    this.#wanted = false;
    // What a flow grants is the whole window, counted from the transfer that we expect next (§2.5.6).
    this.#incoming.refresh();
    flow.nextIncomingId = this.#incoming.nextIncomingId;
    flow.incomingWindow = this.#incoming.window;
    flow.nextOutgoingId = this.#outgoing.nextOutgoingId;
    flow.outgoingWindow = this.#outgoing.size;
    flow.handle = undefined;
    flow.deliveryCount = undefined;
    flow.linkCredit = undefined;
    flow.available = undefined;
    flow.drain = false;
    link?.fillFlow(flow);
    const writer = this.#frames.begin(0, this.#channel, SMALL_FRAME);
    const start = writer.position - FRAME_HEADER_SIZE;
    writeFlow(writer, flow);
    this.#frames.end(writer, start);
  }

  disposition(range: DispositionRange): void {
    const fields = this.#disposition;
    fields.role = range.role;
    fields.first = range.first;
    fields.last = range.last === range.first ? undefined : range.last;
    fields.settled = range.settled;
    fields.state = range.state;
    const writer = this.#frames.begin(0, this.#channel, SMALL_FRAME);
    const start = writer.position - FRAME_HEADER_SIZE;
    writeDisposition(writer, fields);
    this.#frames.end(writer, start);
  }
}
