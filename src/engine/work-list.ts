import type { ScheduledSession } from './session-host.ts';

/** The sessions that have something to write: gathered dispositions and flows, or deliveries that wait. */
export class WorkList {
  #flush: ScheduledSession[] = [];
  #pump: ScheduledSession[] = [];

  addFlush(session: ScheduledSession): void {
    if (session.flushScheduled) return;
    session.flushScheduled = true;
    this.#flush.push(session);
  }

  addPump(session: ScheduledSession): void {
    if (session.pumpScheduled) return;
    session.pumpScheduled = true;
    this.#pump.push(session);
  }

  /** Has each session write its dispositions and flows. */
  flush(): void {
    while (this.#flush.length > 0) {
      const sessions = this.#flush;
      this.#flush = [];
      for (const session of sessions) {
        session.flushScheduled = false;
        session.flush();
      }
    }
  }

  /** Has each session write its waiting deliveries; those that the transport stops, or a host that throws, come again. */
  pump(): void {
    const sessions = this.#pump;
    this.#pump = [];
    let done = 0;
    try {
      for (const session of sessions) {
        session.pumpScheduled = false;
        if (session.pump()) this.addPump(session);
        done++;
      }
    } finally {
      for (const session of sessions.slice(done)) {
        session.pumpScheduled = false;
        this.addPump(session);
      }
    }
  }
}
