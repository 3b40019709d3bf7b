package main

import (
	"bytes"
	"context"
	"time"

	amqp "github.com/Azure/go-amqp"
)

// nanosOf runs work and gives nanoseconds for each.
func nanosOf(count int, work func(int) error) (float64, error) {
	for index := range (count + 4) / 5 {
		if err := work(index); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	for index := range count {
		if err := work(index); err != nil {
			return 0, err
		}
	}
	return float64(time.Since(began).Nanoseconds()) / float64(count), nil
}

// codec: the typical message, without a connection. The codec of transfers is not public.
func codec(_ context.Context, t *task) (figures, error) {
	body := bytes.Repeat([]byte{'x'}, 1024)
	encoded, err := typical(1, body).MarshalBinary()
	if err != nil {
		return nil, err
	}
	encode, err := nanosOf(t.count, func(index int) error {
		_, err := typical(index, body).MarshalBinary()
		return err
	})
	if err != nil {
		return nil, err
	}
	decode, err := nanosOf(t.count, func(int) error {
		var message amqp.Message
		if err := message.UnmarshalBinary(encoded); err != nil {
			return err
		}
		return readTypical(&message, t)
	})
	return figures{"encodeMessageNanos": encode, "decodeMessageNanos": decode}, err
}
