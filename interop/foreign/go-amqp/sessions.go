package main

import (
	"context"
	"errors"

	"github.com/Azure/go-amqp"
)

// manySessions are ten times ten one after the other, and a hundred at once.
func manySessions() {
	connection := dial()
	for range 10 {
		var open []*amqp.Session
		for range 10 {
			open = append(open, begin(connection))
		}
		for _, session := range open {
			closed(session)
		}
	}
	together(100, func(int) { closed(begin(connection)) })
	must(connection.Close())
	options := account()
	options.MaxSessions = 10
	limited := get(amqp.Dial(soon(), address(), options))
	together(10, func(int) { closed(begin(limited)) })
	must(limited.Close())
}

// cancelled are ten thousand sessions and a hundred links that are given up before they begin. Nothing is sent for them,
// and what is there already goes on. But before go-amqp begins another session it ends those that never began, for which
// the broker closes the connection.
func cancelled() {
	connection, session := dialSession()
	address := setup.Prefix + ".cancelled"
	sender, receiver := newSender(session, address, nil), newReceiver(session, address, nil)
	goesOn := func() {
		send(sender, text("goes on"))
		accept(receiver, receive(receiver))
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for range 10_000 {
		_, err := connection.NewSession(stopped, nil)
		isTrue(errors.Is(err, context.Canceled), "a cancelled call says so")
	}
	goesOn()
	for range 100 {
		_, err := session.NewReceiver(stopped, address, nil)
		isTrue(errors.Is(err, context.Canceled), "a cancelled call says so")
	}
	goesOn()
	closed(newReceiver(session, address, nil))
	_, err := connection.NewSession(soon(), nil)
	refused := errorOf[*amqp.ConnError](err, "a session after one that was cancelled")
	equal(refused.RemoteErr.Condition, amqp.ErrCondNotAllowed, "condition")
}
