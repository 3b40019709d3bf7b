/* Scenarios that receive. */
#include "bench.h"

#include <stdlib.h>

#include <proton/connection.h>
#include <proton/disposition.h>
#include <proton/session.h>

/* Makes room for `size` more octets. */
static char *room(bench_t *bench, size_t size) {
  size_t needed = bench->buffer.size + size;
  if (needed > bench->capacity) {
    bench->capacity = needed * 2;
    bench->buffer.start = realloc(bench->buffer.start, bench->capacity);
    if (!bench->buffer.start) die("no memory");
  }
  return bench->buffer.start + bench->buffer.size;
}

static void top_up(bench_t *bench, pn_link_t *receiver) {
  int credit = pn_link_credit(receiver), window = (int)bench->task.window;
  if (credit <= window / 2) pn_link_flow(receiver, window - credit);
}

/* A message, or a part of one, arrived. */
void receiver_took(bench_t *bench, pn_delivery_t *delivery) {
  const task_t *task = &bench->task;
  pn_link_t *receiver = pn_delivery_link(delivery);
  if (!pn_delivery_readable(delivery)) return;
  size_t size = pn_delivery_pending(delivery);
  if (pn_link_recv(receiver, room(bench, size), size) != (ssize_t)size) die("a message that cannot be read");
  bench->buffer.size += size;
  if (pn_delivery_partial(delivery)) return;
  if (task->reads) read_message(bench, pn_bytes(bench->buffer.size, bench->buffer.start));
  bench->buffer.size = 0;
  pn_delivery_update(delivery, PN_ACCEPTED);
  pn_delivery_settle(delivery);
  bench->done++;
  if (bench->done == task->warm) meter_start(bench);
  if (bench->done < task->total) {
    top_up(bench, receiver);
    return;
  }
  meter_stop(bench);
  pn_connection_close(pn_session_connection(pn_link_session(receiver)));
}
