// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package suite is the long suite: it runs the same tests and programs on
// stock Go and on spade's runtime, and reports every test whose result differs.
//
// A run is made of units (the tests of one package, a chunk of GOROOT/test, one
// real program). Each unit runs once per lane: stock, copy (spade with
// GOSPADE=stacks=copy), inplace (spade with GOSPADE=stacks=inplace), and where
// they are asked for fault and fault-deep (spade -stacks=fault). The results of
// the first lane are the reference that the others are compared with.
//
// A test that passes in the reference and not in a lane is run again alone, up
// to three times in both. If it passes there at least once it is a flake, if it
// never does it is a difference, and a crash of spade's runtime is a difference
// whatever comes after. What a suspect printed is kept in a file.
//
// # Limitations
//
// Tests that fail under stock are listed, not compared. A test that fails
// under spade in one run of four is called a flake: read the list of flakes too.
package suite
