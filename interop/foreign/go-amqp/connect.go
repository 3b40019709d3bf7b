package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/Azure/go-amqp"
)

func address() string { return fmt.Sprintf("amqp://localhost:%d", setup.Port) }

func account() *amqp.ConnOptions {
	return &amqp.ConnOptions{SASLType: amqp.SASLTypePlain(setup.User, setup.Password), MaxFrameSize: setup.Frame}
}

func dial() *amqp.Conn { return get(amqp.Dial(soon(), address(), account())) }

func begin(connection *amqp.Conn) *amqp.Session { return get(connection.NewSession(soon(), nil)) }

// dialSession opens a connection with one session.
func dialSession() (*amqp.Conn, *amqp.Session) {
	connection := dial()
	return connection, begin(connection)
}

func newSender(session *amqp.Session, to string, options *amqp.SenderOptions) *amqp.Sender {
	return get(session.NewSender(soon(), to, options))
}

func newReceiver(session *amqp.Session, from string, options *amqp.ReceiverOptions) *amqp.Receiver {
	return get(session.NewReceiver(soon(), from, options))
}

func withCredit(credit int32) *amqp.ReceiverOptions { return &amqp.ReceiverOptions{Credit: credit} }

// closed closes what has a Close of its own, and fails unless that is clean.
func closed(handles ...interface{ Close(context.Context) error }) {
	for _, handle := range handles {
		must(handle.Close(soon()))
	}
}

func send(sender *amqp.Sender, message *amqp.Message) { must(sender.Send(soon(), message, nil)) }

func receive(receiver *amqp.Receiver) *amqp.Message { return get(receiver.Receive(soon(), nil)) }

func accept(receiver *amqp.Receiver, message *amqp.Message) {
	must(receiver.AcceptMessage(soon(), message))
}

func text(words string) *amqp.Message { return amqp.NewMessage([]byte(words)) }

func textOf(message *amqp.Message) string { return string(message.GetData()) }

// plain is SASL PLAIN with the right and a wrong password, and without any SASL where that is required.
func plain() {
	connection := dial()
	equal(connection.Properties()["product"], "amqp1 embedded broker", "properties of the open")
	must(connection.Close())
	wrong := &amqp.ConnOptions{SASLType: amqp.SASLTypePlain(setup.User, "wrong")}
	_, err := amqp.Dial(soon(), address(), wrong)
	isTrue(err != nil, "a wrong password is refused")
	_, err = amqp.Dial(soon(), address(), nil)
	isTrue(err != nil, "a connection without SASL is refused")
	stopped, stop := context.WithCancel(context.Background())
	stop()
	_, err = amqp.Dial(stopped, address(), account())
	isTrue(err != nil, "a cancelled dial fails")
}

// anonymous is a broker that lets everyone in, with SASL and without.
func anonymous() {
	must(get(amqp.Dial(soon(), address(), &amqp.ConnOptions{SASLType: amqp.SASLTypeAnonymous()})).Close())
	must(get(amqp.Dial(soon(), address(), nil)).Close())
}

// secure is TLS with an unknown and a trusted authority.
func secure() {
	secureAddress := fmt.Sprintf("amqps://localhost:%d", setup.TLSPort)
	_, err := amqp.Dial(soon(), secureAddress, account())
	errorOf[*tls.CertificateVerificationError](err, "an unknown authority")
	trusted := x509.NewCertPool()
	isTrue(trusted.AppendCertsFromPEM(get(os.ReadFile(setup.CA))), "there is a certificate")
	options := account()
	options.TLSConfig = &tls.Config{RootCAs: trusted}
	connection := get(amqp.Dial(soon(), secureAddress, options))
	roundTrip(connection, setup.Prefix+".tls", 100)
	must(connection.Close())
}
