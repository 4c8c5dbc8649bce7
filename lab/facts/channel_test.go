// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package facts

import (
	"runtime"
	"testing"
)

// The tests of this file try many times to see what the memory model rules out. They write and read one variable without
// atomics, so that a race detector is told of the order by the channel alone: under go test -race they are stricter.

const tries = 20_000

// TestSendBeforeReceive reads what was written before a send that has been received, with and without a buffer.
func TestSendBeforeReceive(t *testing.T) {
	for _, room := range []int{0, 1} {
		values := make(chan *int, room)
		go func() {
			for i := range tries {
				v := new(int)
				*v = i
				values <- v
			}
			close(values)
		}()
		want := 0
		for v := range values {
			if *v != want {
				t.Fatalf("received %d, want %d, with room for %d", *v, want, room)
			}
			want++
		}
		if want != tries {
			t.Errorf("received %d values of %d", want, tries)
		}
	}
}

// TestReceiveBeforeSendReturns reads what was written before a receive from a channel without a buffer once its send is over.
func TestReceiveBeforeSendReturns(t *testing.T) {
	turns := make(chan struct{})
	written := 0
	go func() {
		for i := range tries {
			written = i + 1
			<-turns
			<-turns
		}
	}()
	for i := range tries {
		turns <- struct{}{}
		if written != i+1 {
			t.Fatalf("read %d after turn %d", written, i)
		}
		turns <- struct{}{}
	}
}

// TestCloseBeforeReceive reads what was written before a close after a receive that the close let return. The receiver looks
// again and again before it waits, so that it is there the moment the channel is closed.
func TestCloseBeforeReceive(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(2, runtime.NumCPU())))
	for i := range tries {
		closed := make(chan struct{})
		written := 0
		go func() {
			written = i + 1
			close(closed)
		}()
		receive(closed)
		if written != i+1 {
			t.Fatalf("read %d, want %d", written, i+1)
		}
	}
}

func receive(from chan struct{}) {
	for range 1000 {
		select {
		case <-from:
			return
		default:
		}
	}
	<-from
}
