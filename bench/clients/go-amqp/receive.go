package main

import (
	"context"
	"runtime"

	amqp "github.com/Azure/go-amqp"
)

func newReceiver(ctx context.Context, t *task) (*amqp.Conn, *amqp.Receiver, error) {
	connection, session, err := open(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	options := &amqp.ReceiverOptions{Credit: int32(t.window)}
	if t.offset != "" {
		options.Filters = []amqp.LinkFilter{amqp.NewLinkFilter("rabbitmq:stream-offset-spec", 0, t.offset)}
	}
	receiver, err := session.NewReceiver(ctx, t.source, options)
	return connection, receiver, err
}

// receiveAnd gives a scenario that receives all messages, reads each and accepts it. Accepting in goroutines of their own
// was tried, with one and with four: it takes more CPU time and is no faster.
func receiveAnd(read func(*amqp.Message, *task) error) func(context.Context, *task) (figures, error) {
	return func(ctx context.Context, t *task) (figures, error) {
		connection, receiver, err := newReceiver(ctx, t)
		if err != nil {
			return nil, err
		}
		defer connection.Close()
		var m meter
		for received := 1; received <= t.total; received++ {
			message, err := receiver.Receive(ctx, nil)
			if err != nil {
				return nil, err
			}
			if err := read(message, t); err != nil {
				return nil, err
			}
			if err := receiver.AcceptMessage(ctx, message); err != nil {
				return nil, err
			}
			if received == t.warm {
				m.start()
			}
		}
		return m.stop(t.count, nil), nil
	}
}

func receiveHuge(ctx context.Context, t *task) (figures, error) {
	runtime.GC()
	before := status("VmRSS")
	var m meter
	m.start()
	connection, receiver, err := newReceiver(ctx, t)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	message, err := receiver.Receive(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := readBody(message, t); err != nil {
		return nil, err
	}
	if err := receiver.AcceptMessage(ctx, message); err != nil {
		return nil, err
	}
	return m.stop(1, figures{"peakOverSize": (status("VmHWM") - before) / float64(t.bodySize)}), nil
}
