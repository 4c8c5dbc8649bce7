// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A Handler takes a stream: Handle once for every message, then Flush.
type Handler interface {
	Handle(Message) error
	Flush() error
}

// Tee passes a stream on to every one of several handlers, in order.
type Tee []Handler

// Handle passes m on. It stops at the first error.
func (t Tee) Handle(m Message) error {
	for _, h := range t {
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	return nil
}

// Flush flushes all handlers and returns all errors.
func (t Tee) Flush() error {
	var errs []error
	for _, h := range t {
		errs = append(errs, h.Flush())
	}
	return errors.Join(errs...)
}

// Replay reads a stream that was saved as JSON and hands each message to handle. The stream must start with a Config of this
// Protocol. Fields that this spade does not know are ignored.
func Replay(r io.Reader, handle func(Message) error) error {
	dec := json.NewDecoder(r)
	for n := 1; ; n++ {
		var m Message
		if err := dec.Decode(&m); err == io.EOF {
			if n == 1 {
				return errors.New("the stream is empty")
			}
			return nil
		} else if err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
		if n == 1 {
			if m.Config == nil {
				return errors.New("the first message has no config: this is no stream of findings that spade saved")
			}
			if m.Config.Protocol != Protocol {
				return fmt.Errorf("the stream has format %q, this spade reads %q", m.Config.Protocol, Protocol)
			}
		}
		if err := handle(m); err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
	}
}
