package main

import "github.com/Azure/go-amqp"

// closeOwn closes a link, its session and its connection while a call waits, a hundred times each.
func closeOwn() {
	receiving := func() (*amqp.Conn, *amqp.Session, *amqp.Receiver) {
		connection, session := dialSession()
		return connection, session, newReceiver(session, setup.Prefix+".close", nil)
	}
	for range 100 {
		connection, _, receiver := receiving()
		endsWaiting[*amqp.LinkError](receiver, func() { closed(receiver) })
		must(connection.Close())
		connection, session, receiver := receiving()
		endsWaiting[*amqp.SessionError](receiver, func() { closed(session) })
		must(connection.Close())
		connection, _, receiver = receiving()
		endsWaiting[*amqp.ConnError](receiver, func() { must(connection.Close()) })
	}
}

// endsWaiting asserts that a call which waits for a message fails with T once something is closed.
func endsWaiting[T error](receiver *amqp.Receiver, work func()) (found T) {
	together(2, func(n int) {
		if n == 0 {
			work()
			return
		}
		_, err := receiver.Receive(soon(), nil)
		found = errorOf[T](err, "a call that waits")
	})
	return found
}

// ended has the peer (ending-peer.mjs) end something while a send and a receive wait, which fail with what is returned.
func ended[T error](session *amqp.Session, what string) (sending, receiving T) {
	sender, receiver := newSender(session, what, nil), newReceiver(session, what, nil)
	receiving = endsWaiting[T](receiver, func() {
		sending = errorOf[T](sender.Send(soon(), text("never taken"), nil), "a send that waits")
	})
	return sending, receiving
}

// peerCloses has the peer end a link, a session, a connection and the transport.
func peerCloses() {
	connection, session := dialSession()
	kept := newSender(session, "kept", nil)
	sending, receiving := ended[*amqp.LinkError](session, "link")
	equal(sending.RemoteErr.Condition, amqp.ErrCondStolen, "condition")
	equal(receiving.RemoteErr.Condition, amqp.ErrCondStolen, "condition")
	quietly, _ := ended[*amqp.LinkError](session, "link quietly")
	isTrue(quietly.RemoteErr == nil, "without an error there is none")
	send(kept, text("the other links are still there"))

	ending, _ := ended[*amqp.SessionError](session, "session")
	equal(ending.RemoteErr.Condition, amqp.ErrCondResourceLimitExceeded, "condition")
	errorOf[*amqp.SessionError](kept.Send(soon(), text("late"), nil), "a link of an ended session")

	closing, _ := ended[*amqp.ConnError](begin(connection), "connection")
	equal(closing.RemoteErr.Condition, amqp.ErrCondConnectionForced, "condition")
	<-connection.Done()
	errorOf[*amqp.ConnError](connection.Err(), "the end of a connection")

	connection, session = dialSession()
	cut, _ := ended[*amqp.ConnError](session, "transport")
	isTrue(cut.RemoteErr == nil, "a transport that is cut says nothing")
	<-connection.Done()
}
