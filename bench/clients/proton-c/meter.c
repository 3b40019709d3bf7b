/* Measures this process, and prints the figures as one line of JSON. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

double now_micros(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static double cpu_micros(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* A line of /proc/self/status: VmRSS is the memory that is resident, VmHWM its peak. */
double status_bytes(const char *name) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  long kibibytes = -1;
  if (!file) die("the system tells no status");
  while (kibibytes < 0 && fgets(line, sizeof line, file)) {
    if (strncmp(line, name, strlen(name)) == 0) kibibytes = strtol(line + strlen(name) + 1, NULL, 10);
  }
  fclose(file);
  if (kibibytes < 0) die("the system does not tell %s", name);
  return kibibytes * 1024.0;
}

static int by_size(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

/* Half of the round trips, and 99 of 100, took no longer than this. */
static void print_trips(bench_t *bench) {
  size_t count = bench->trip_count, high = count * 99 / 100;
  qsort(bench->trips, count, sizeof *bench->trips, by_size);
  printf(",\"p50Micros\":%f,\"p99Micros\":%f", bench->trips[count / 2], bench->trips[high < count ? high : count - 1]);
}

void meter_start(bench_t *bench) {
  bench->resident = status_bytes("VmRSS:");
  bench->cpu = cpu_micros();
  bench->time = now_micros();
}

void meter_stop(bench_t *bench) {
  const task_t *task = &bench->task;
  double micros = now_micros() - bench->time, cpu = cpu_micros() - bench->cpu;
  printf("{\"cpuMicrosPerMessage\":%f,\"messagesPerSecond\":%f", cpu / task->count, task->count * 1e6 / micros);
  if (task->awaited) print_trips(bench);
  if (task->huge)
    printf(",\"peakOverSize\":%f", (status_bytes("VmHWM:") - bench->resident) / (double)task->body_size);
  printf("}\n");
}
