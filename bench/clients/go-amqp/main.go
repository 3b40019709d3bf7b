// go-amqp: `go-amqp scenario host port count [address [offset]]` prints its figures as one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	amqp "github.com/Azure/go-amqp"
)

// task is what the command line asks for.
type task struct {
	scenario string
	address  string
	count    int
	warm     int
	total    int
	bodySize int
	window   int
	size     int    // the number at the end of a scenario's name
	target   string // where messages are sent to
	source   string // the source address that gives all these messages
	offset   string // where a receiver begins in a stream of RabbitMQ
	gathered bool   // small writes may wait for each other
}

// warmBeforeGrowth is how many messages come at least before the measured ones, where something grows.
const warmBeforeGrowth = 200_000

type figures map[string]float64

var scenarios = map[string]func(context.Context, *task) (figures, error){
	"send":            send,
	"send-awaited":    sendAwaited,
	"receive":         receiveAnd(func(*amqp.Message, *task) error { return nil }),
	"receive-read":    receiveAnd(readBody),
	"typical-send":    send,
	"typical-receive": receiveAnd(readTypical),
	"large-send":      send,
	"large-receive":   receiveAnd(readBody),
	"huge-send":       sendHuge,
	"huge-receive":    receiveHuge,
	"connections":     connections,
	"links":           links,
	"codec":           codec,
}

func parse(arguments []string) (*task, error) {
	if len(arguments) < 4 || len(arguments) > 6 {
		return nil, fmt.Errorf("usage: go-amqp scenario host port count [address [offset]]")
	}
	count, err := strconv.Atoi(arguments[3])
	if err != nil {
		return nil, err
	}
	t := &task{scenario: arguments[0], address: net.JoinHostPort(arguments[1], arguments[2]), count: count}
	t.warm = (count + 4) / 5
	kind, _, _ := strings.Cut(t.scenario, "-")
	switch kind {
	case "typical":
		t.bodySize, t.window = 1024, 1000
	case "large":
		t.bodySize, t.window = 1<<20, 16
	case "huge":
		t.bodySize, t.window, t.warm = 100<<20, 1, 0
	default:
		kind, t.bodySize, t.window = "count", 100, 1000
	}
	t.total = t.warm + t.count
	t.gathered = t.scenario == "send" || t.scenario == "typical-send"
	t.target = "bench"
	t.source = fmt.Sprintf("%s-%d", kind, t.total)
	if len(arguments) > 4 {
		t.target, t.source = arguments[4], arguments[4]
	}
	if len(arguments) > 5 {
		t.offset = arguments[5]
	}
	if name, size, found := strings.Cut(t.scenario, "-"); found && name == "links" {
		t.scenario = name
		t.gathered = true
		t.warm = max(t.warm, warmBeforeGrowth)
		t.size, err = strconv.Atoi(size)
	}
	return t, err
}

func run() error {
	t, err := parse(os.Args[1:])
	if err != nil {
		return err
	}
	scenario, found := scenarios[t.scenario]
	if !found {
		return fmt.Errorf("no scenario %s", t.scenario)
	}
	result, err := scenario(context.Background(), t)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "go-amqp:", err)
		os.Exit(1)
	}
}
