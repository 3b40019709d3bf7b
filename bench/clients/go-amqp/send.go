package main

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"time"

	amqp "github.com/Azure/go-amqp"
)

// dial opens a connection. go-amqp writes every frame on its own: where sends are pipelined, Nagle's algorithm gathers
// them, which takes less CPU time and is faster; anywhere else it would wait for delayed acknowledgements.
func dial(ctx context.Context, t *task) (*amqp.Conn, error) {
	socket, err := net.Dial("tcp", t.address)
	if err != nil {
		return nil, err
	}
	if err := socket.(*net.TCPConn).SetNoDelay(!t.gathered); err != nil {
		return nil, err
	}
	return amqp.NewConn(ctx, socket, &amqp.ConnOptions{SASLType: amqp.SASLTypeAnonymous()})
}

func open(ctx context.Context, t *task) (*amqp.Conn, *amqp.Session, error) {
	connection, err := dial(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	session, err := connection.NewSession(ctx, nil)
	return connection, session, err
}

func accepted(state amqp.DeliveryState) error {
	if _, right := state.(*amqp.StateAccepted); !right {
		return fmt.Errorf("a message got the state %T", state)
	}
	return nil
}

// pipeline sends messages over the senders in turn; a second goroutine waits for their outcomes, so that up to window
// are in flight.
func pipeline(ctx context.Context, senders []*amqp.Sender, messages, window int, message func(int) *amqp.Message) error {
	receipts := make(chan amqp.SendReceipt, window-1)
	done := make(chan error, 1)
	go func() {
		for receipt := range receipts {
			state, err := receipt.Wait(ctx)
			if err == nil {
				err = accepted(state)
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for index := range messages {
		receipt, err := senders[index%len(senders)].SendWithReceipt(ctx, message(index), nil)
		if err != nil {
			return err
		}
		select {
		case receipts <- receipt:
		case err := <-done:
			return err
		}
	}
	close(receipts)
	return <-done
}

func sendOn(ctx context.Context, t *task, senders []*amqp.Sender, more figures) (figures, error) {
	message := messageMaker(t)
	if err := pipeline(ctx, senders, t.warm, t.window, message); err != nil {
		return nil, err
	}
	var m meter
	m.start()
	if err := pipeline(ctx, senders, t.count, t.window, message); err != nil {
		return nil, err
	}
	return m.stop(t.count, more), nil
}

func send(ctx context.Context, t *task) (figures, error) {
	connection, session, err := open(ctx, t)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	sender, err := session.NewSender(ctx, t.target, nil)
	if err != nil {
		return nil, err
	}
	return sendOn(ctx, t, []*amqp.Sender{sender}, nil)
}

func sendAwaited(ctx context.Context, t *task) (figures, error) {
	connection, session, err := open(ctx, t)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	sender, err := session.NewSender(ctx, t.target, nil)
	if err != nil {
		return nil, err
	}
	message := messageMaker(t)
	trips := make([]time.Duration, 0, t.count)
	var m meter
	for index := range t.total {
		if index == t.warm {
			m.start()
		}
		began := time.Now()
		if err := sender.Send(ctx, message(index), nil); err != nil {
			return nil, err
		}
		if index >= t.warm {
			trips = append(trips, time.Since(began))
		}
	}
	result := m.stop(t.count, nil)
	for name, value := range quantiles(trips) {
		result[name] = value
	}
	return result, nil
}

func sendHuge(ctx context.Context, t *task) (figures, error) {
	connection, session, err := open(ctx, t)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	sender, err := session.NewSender(ctx, t.target, nil)
	if err != nil {
		return nil, err
	}
	message := messageMaker(t)(0)
	runtime.GC()
	before := status("VmRSS")
	var m meter
	m.start()
	if err := sender.Send(ctx, message, nil); err != nil {
		return nil, err
	}
	return m.stop(1, figures{"peakOverSize": (status("VmHWM") - before) / float64(t.bodySize)}), nil
}
