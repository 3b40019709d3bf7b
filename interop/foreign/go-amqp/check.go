package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"
	"time"
)

// patience is how long anything may take that a broker has to answer.
const patience = 20 * time.Second

func within(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	// Nobody waits for the end of the call to cancel it: that is done when the time is over.
	context.AfterFunc(ctx, cancel)
	return ctx
}

func soon() context.Context { return within(patience) }

// failure is what ends a scenario.
type failure struct {
	err   error
	stack []byte
}

func fail(format string, arguments ...any) {
	panic(failure{fmt.Errorf(format, arguments...), debug.Stack()})
}

func must(err error) {
	if err != nil {
		fail("%w", err)
	}
}

func get[T any](value T, err error) T {
	must(err)
	return value
}

func equal(found, expected any, what string) {
	if !reflect.DeepEqual(found, expected) {
		fail("%s: %.300v (%T) is not %.300v (%T)", what, found, found, expected, expected)
	}
}

func isTrue(condition bool, what string) {
	if !condition {
		fail("not so: %s", what)
	}
}

// errorOf asserts that an error is of type T, and returns it as such.
func errorOf[T error](err error, what string) T {
	var found T
	if !errors.As(err, &found) {
		fail("%s: %v (%T) is not a %T", what, err, err, found)
	}
	return found
}

// attempt runs work, and returns what made it fail.
func attempt(work func()) (err error) {
	defer func() {
		switch found := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("%w\n%s", found.err, found.stack)
		default:
			err = fmt.Errorf("panic: %v\n%s", found, debug.Stack())
		}
	}()
	work()
	return nil
}

// together runs work count times at once, and fails with the first failure.
func together(count int, work func(n int)) {
	failures := make([]error, count)
	var group sync.WaitGroup
	for n := range count {
		group.Go(func() { failures[n] = attempt(func() { work(n) }) })
	}
	group.Wait()
	must(errors.Join(failures...))
}
