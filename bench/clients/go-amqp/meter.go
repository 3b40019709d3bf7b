package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// meter measures this process between start and stop.
type meter struct {
	cpu  time.Duration
	time time.Time
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (m *meter) start() {
	m.cpu = cpuTime()
	m.time = time.Now()
}

// stop gives the costs of each of count messages.
func (m *meter) stop(count int, more figures) figures {
	seconds := time.Since(m.time).Seconds()
	micros := float64((cpuTime() - m.cpu).Nanoseconds()) / 1000
	result := figures{
		"cpuMicrosPerMessage": micros / float64(count),
		"messagesPerSecond":   float64(count) / seconds,
	}
	maps.Copy(result, more)
	return result
}

// quantiles: half of the round trips, and 99 of 100, took no longer than this.
func quantiles(trips []time.Duration) figures {
	slices.Sort(trips)
	at := func(share float64) float64 {
		index := min(len(trips)-1, int(float64(len(trips))*share))
		return float64(trips[index].Nanoseconds()) / 1000
	}
	return figures{"p50Micros": at(0.5), "p99Micros": at(0.99)}
}

// status is a line of /proc/self/status in octets: VmRSS is the memory that is resident, VmHWM its peak.
func status(name string) float64 {
	content, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.SplitSeq(string(content), "\n") {
		var kibibytes float64
		if rest, found := strings.CutPrefix(line, name+":"); found {
			if _, err := fmt.Sscanf(rest, "%f kB", &kibibytes); err == nil {
				return kibibytes * 1024
			}
		}
	}
	panic("the system does not tell " + name)
}
