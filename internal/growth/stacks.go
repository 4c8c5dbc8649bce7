// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// maxKept is how many different call stacks are kept in full. Samples of further ones are kept as two calls, trigger and entry; once
// there are as many of these, as the trigger alone, so that what is kept is bounded by the number of functions.
const maxKept = 1 << 14

// others is the entry of those.
const others = "(entries of further stacks)"

// stackLabels are what a kept stack is labelled with.
type stackLabels struct {
	part                    part
	entry, trigger, largest function
}

// A stackStore keeps call stacks of growth, each once.
type stackStore struct {
	byKey   map[[sha256.Size]byte]*finding.Stack
	strings map[string]string
	folded  int64
}

func newStackStore() *stackStore {
	return &stackStore{byKey: map[[sha256.Size]byte]*finding.Stack{}, strings: map[string]string{}}
}

func (s *stackStore) add(calls []call, labels stackLabels, w weight) {
	frames := make([]finding.Frame, len(calls))
	for i, c := range calls {
		frames[i] = finding.Frame{Func: c.name, File: c.file, Line: c.line, Start: c.start, Inlined: c.inlined}
	}
	st := finding.Stack{
		Part: partNames[labels.part], Entry: labels.entry.name, Trigger: labels.trigger.name,
		Nanos: w.nanos, Samples: w.samples, Frames: frames,
	}
	if labels.largest != unsized {
		st.Frame = labels.largest.name
	}
	s.put(&st)
}

// put adds st, which it may change and keep.
func (s *stackStore) put(st *finding.Stack) {
	key := stackKey(st)
	was := s.byKey[key]
	if was == nil && len(s.byKey) >= maxKept {
		s.folded = finding.Sum(s.folded, st.Samples)
		st.Frames = []finding.Frame{{Func: st.Trigger}, {Func: st.Entry}}
		key = stackKey(st)
		was = s.byKey[key]
	}
	if was == nil && len(s.byKey) >= 2*maxKept {
		st.Entry, st.Frame = others, ""
		st.Frames = []finding.Frame{{Func: st.Trigger}, {Func: others}}
		key = stackKey(st)
		was = s.byKey[key]
	}
	if was != nil {
		was.Nanos = finding.Sum(was.Nanos, st.Nanos)
		was.Samples = finding.Sum(was.Samples, st.Samples)
		return
	}
	s.intern(st)
	s.byKey[key] = st
}

// intern lets kept stacks share their strings: every profile brings its own copies.
func (s *stackStore) intern(st *finding.Stack) {
	for _, p := range []*string{&st.Entry, &st.Trigger, &st.Frame} {
		*p = s.one(*p)
	}
	for i := range st.Frames {
		st.Frames[i].Func = s.one(st.Frames[i].Func)
		st.Frames[i].File = s.one(st.Frames[i].File)
	}
}

func (s *stackStore) one(str string) string {
	if known, found := s.strings[str]; found {
		return known
	}
	s.strings[str] = str
	return str
}

func stackKey(st *finding.Stack) [sha256.Size]byte {
	var b bytes.Buffer
	put := func(str string) {
		b.Write(binary.AppendUvarint(nil, uint64(len(str))))
		b.WriteString(str)
	}
	put(st.Part)
	put(st.Entry)
	put(st.Trigger)
	put(st.Frame)
	for _, f := range st.Frames {
		put(f.Func)
		put(f.File)
		b.Write(binary.AppendVarint(nil, f.Line))
		b.Write(binary.AppendVarint(nil, f.Start))
		if f.Inlined {
			b.WriteByte(1)
		} else {
			b.WriteByte(0)
		}
	}
	return sha256.Sum256(b.Bytes())
}

// sorted returns the stacks, those with most time first.
func (s *stackStore) sorted() []*finding.Stack {
	keys := make([][sha256.Size]byte, 0, len(s.byKey))
	for key := range s.byKey {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [sha256.Size]byte) int {
		return cmp.Or(cmp.Compare(s.byKey[b].Nanos, s.byKey[a].Nanos), bytes.Compare(a[:], b[:]))
	})
	stacks := make([]*finding.Stack, len(keys))
	for i, key := range keys {
		stacks[i] = s.byKey[key]
	}
	return stacks
}
