package main

import (
	"context"
	"runtime"
	"sync"
	"time"

	amqp "github.com/Azure/go-amqp"
)

// alive is what is alive after a collection: on the heap, in stacks of goroutines, and all that is resident.
func alive() (heap, resident float64) {
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return float64(memory.HeapAlloc + memory.StackInuse), status("VmRSS")
}

// atOnce calls work for each index below count, some of them at a time, and gives an error if there was one.
func atOnce(count, together int, work func(int) error) error {
	var group sync.WaitGroup
	slots := make(chan struct{}, together)
	failed := make(chan error, count)
	for index := range count {
		slots <- struct{}{}
		group.Go(func() {
			if err := work(index); err != nil {
				failed <- err
			}
			<-slots
		})
	}
	group.Wait()
	close(failed)
	return <-failed
}

// links: what it takes to attach many links in one session, then sends on all of them in turn.
func links(ctx context.Context, t *task) (figures, error) {
	connection, session, err := open(ctx, t)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	senders := make([]*amqp.Sender, t.size)
	before, _ := alive()
	began := time.Now()
	err = atOnce(t.size, 1000, func(index int) (err error) {
		senders[index], err = session.NewSender(ctx, "bench", nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	micros := float64(time.Since(began).Microseconds()) / float64(t.size)
	after, _ := alive()
	return sendOn(ctx, t, senders, figures{
		"attachMicros":     micros,
		"heapBytesPerLink": (after - before) / float64(t.size),
	})
}

// connections: as many as count, each with one session and one link, and all idle.
func connections(ctx context.Context, t *task) (figures, error) {
	opened := make([]*amqp.Conn, t.count+2)
	openOne := func(index int) error {
		connection, session, err := open(ctx, t)
		if err != nil {
			return err
		}
		opened[index] = connection
		_, err = session.NewReceiver(ctx, "idle", &amqp.ReceiverOptions{Credit: -1})
		return err
	}
	if err := atOnce(2, 1, openOne); err != nil {
		return nil, err
	}
	heapBefore, residentBefore := alive()
	began := time.Now()
	if err := atOnce(t.count, 100, func(index int) error { return openOne(index + 2) }); err != nil {
		return nil, err
	}
	micros := float64(time.Since(began).Microseconds()) / float64(t.count)
	heap, resident := alive()
	result := figures{
		"connectMicros":              micros,
		"heapBytesPerConnection":     (heap - heapBefore) / float64(t.count),
		"residentBytesPerConnection": (resident - residentBefore) / float64(t.count),
	}
	return result, atOnce(len(opened), 100, func(index int) error { return opened[index].Close() })
}
