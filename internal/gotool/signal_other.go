// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !unix

package gotool

import "os"

// passedOn is os.Interrupt alone: there are no others here.
var passedOn = []os.Signal{os.Interrupt}

// reachedByTerminal is true: a console sends Ctrl-C to every process that it has.
func reachedByTerminal(os.Signal) bool { return true }

func exitCode(state *os.ProcessState) int { return state.ExitCode() }
