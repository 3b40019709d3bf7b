/* What the parts of this program share. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include <proton/delivery.h>
#include <proton/event.h>
#include <proton/link.h>
#include <proton/message.h>

enum { MAX_TEXT = 64 };

/* What the command line asks for. */
typedef struct task_t {
  const char *scenario, *host, *port;
  size_t count, warm, total;
  size_t body_size, window;
  bool receives, reads, typical, awaited, huge;
  char source[MAX_TEXT]; /* the source address that gives all these messages */
} task_t;

/* The state of a run. */
typedef struct bench_t {
  task_t task;
  pn_message_t *message;
  pn_rwbytes_t buffer; /* encoded, to send, or received and not complete */
  size_t capacity;     /* of `buffer` where it receives */
  char *body;
  size_t begun, done; /* messages sent or received, and those accepted */
  double *trips;      /* microseconds of each round trip */
  size_t trip_count;
  double trip_began;
  double cpu, time, resident; /* as the measured part began */
} bench_t;

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* meter.c */
double now_micros(void);
double status_bytes(const char *name);
void meter_start(bench_t *bench);
void meter_stop(bench_t *bench);

/* messages.c */
void make_message(bench_t *bench, size_t index);
void read_message(bench_t *bench, pn_bytes_t encoded);

/* send.c, receive.c */
void sender_fill(bench_t *bench, pn_link_t *sender);
void sender_settled(bench_t *bench, pn_delivery_t *delivery);
void receiver_took(bench_t *bench, pn_delivery_t *delivery);

#endif
