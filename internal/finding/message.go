// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package finding holds what spade's analyses find, as one stream of messages. Analyses produce the stream, writers turn it into
// text, JSON, pages and profiles, and a stream that was saved as JSON can be replayed as if the analysis ran again.
package finding

// Protocol is the version of the stream's format. A stream starts with a Config that carries it.
const Protocol = "spade/1"

// A Message is one element of the stream. Exactly one field is set.
type Message struct {
	Config  *Config  `json:"config,omitempty"`
	Source  *Source  `json:"source,omitempty"`
	Growth  *Growth  `json:"growth,omitempty"`
	Payer   *Payer   `json:"payer,omitempty"`
	Stack   *Stack   `json:"stack,omitempty"`
	Counts  *Counts  `json:"counts,omitempty"`
	Counter *Counter `json:"counter,omitempty"`
	Verdict *Verdict `json:"verdict,omitempty"`
	Program *Program `json:"program,omitempty"`
	Entry   *Entry   `json:"entry,omitempty"`

	FrameSize *FrameSize `json:"frame_size,omitempty"`
	Observed  *Observed  `json:"observed,omitempty"`

	ObservedFrames *ObservedFrames `json:"observed_frames,omitempty"`

	Check     *Check     `json:"check,omitempty"`
	Violation *Violation `json:"violation,omitempty"`
	Change    *Change    `json:"change,omitempty"`

	Start     *Start     `json:"start,omitempty"`
	StartPart *StartPart `json:"start_part,omitempty"`
	Touched   *Touched   `json:"touched,omitempty"`
}

// Config is the first message of every stream: who speaks, and about what.
type Config struct {
	Protocol string `json:"protocol"`
	Analysis string `json:"analysis"` // "growth", "depth", "frames", "observed", "check" or "start"
	Spade    string `json:"spade,omitempty"`
}

// Sets of inputs: what is looked at, and what it is compared with.
const (
	New  = "new"
	Base = "base"
)

// A Source is one input that was not an uneventful file: a profile that has a problem, or was left out.
type Source struct {
	Set     string `json:"set"`
	Name    string `json:"name"`
	Problem string `json:"problem"`
	Skipped bool   `json:"skipped,omitempty"` // nothing of it was counted
}

// A Verdict is a conclusion in words.
type Verdict struct {
	Analysis  string   `json:"analysis"`
	Sentences []string `json:"sentences"`
}
