// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package json writes findings as JSON: one object a message. finding.Replay reads them again.
package json

import (
	"encoding/json"
	"io"

	"github.com/spadego/spade/internal/finding"
)

// A Writer is a finding.Handler that writes every message at once, on a line of its own.
type Writer struct{ enc *json.Encoder }

// New returns a Writer to w.
func New(w io.Writer) *Writer {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Writer{enc}
}

// Handle writes m.
func (w *Writer) Handle(m finding.Message) error { return w.enc.Encode(m) }

// Flush does nothing.
func (w *Writer) Flush() error { return nil }
