// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import "embed"

//go:embed all:_retain
var retainFiles embed.FS

// Retain returns the edits that turn a stock package runtime into one whose dead goroutines keep grown stacks: the rival that the lab
// compares spade's with. It edits no declaration that Runtime does not edit or watch, so it has no hashes of its own.
func Retain() (Set, error) {
	added, err := joinRuntime(retainFiles, "_retain")
	if err != nil {
		return Set{}, err
	}
	known, err := ParseHashes(knownText)
	if err != nil {
		return Set{}, err
	}
	s := Set{Known: known, Added: added, Edits: []Edit{
		at("runtime/proc.go", "gfput", ReplaceCall("uintptr", "retainSize(stksize)")),
		at("runtime/proc.go", "gfget", ReplaceCall("uintptr", "retainSize(gp.stack.hi-gp.stack.lo)")),
	}}
	return s, s.Check()
}
