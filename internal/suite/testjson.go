// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"bufio"
	"encoding/json"
	"io"
	"regexp"
	"strings"
)

// testEvent is one line of `go test -json`.
type testEvent struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string
	Output     string
}

// crashLine matches the first line of an error that ends a process from within the Go runtime.
// A test timeout is a panic of package testing and does not count.
var crashLine = regexp.MustCompile(`^(fatal error: .*|runtime: .*(goroutine stack exceeds|unexpected return pc|bad pointer).*|SIG(SEGV|BUS|ILL|TRAP|ABRT): .*|unexpected fault address .*|\[signal SIG.*)`)

// readTestJSON collects the results of a single package from the output of `go test -json`,
// and copies everything printed to log. Lines that aren't JSON are output of the go command.
//
// Output of a crash inside a child process that a test started is that test's own business:
// a crash counts only if the unit ended without the last event of a test.
func readTestJSON(r io.Reader, log io.Writer) (Results, error) {
	res := newResults()
	outputs := map[string]*strings.Builder{}
	running := map[string]bool{}
	crash := ""
	br := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := br.ReadString('\n')
		if line != "" {
			ev, ok := parseEvent(line)
			if !ok {
				ev = testEvent{Action: "output", Output: line}
			}
			name := ev.Test
			if name == "" {
				name = WholeUnit
			}
			switch ev.Action {
			case "run":
				running[name] = true
			case "output", "build-output":
				io.WriteString(log, ev.Output)
				if crash == "" && crashLine.MatchString(ev.Output) {
					crash = strings.TrimSpace(ev.Output)
				}
				addOutput(outputs, name, ev.Output)
			case "pass", "fail", "skip":
				delete(running, name)
				out := ""
				if b := outputs[name]; b != nil {
					out = b.String()
				}
				res.set(name, Outcome(ev.Action), out)
				delete(outputs, name)
			case "build-fail":
				res.set(WholeUnit, Fail, "build failed\n")
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return res, err
		}
	}
	for name := range running {
		out := ""
		if b := outputs[name]; b != nil {
			out = b.String()
		}
		res.set(name, Unfinished, out)
	}
	if _, ok := res.Tests[WholeUnit]; !ok {
		out := "the test command ended without a result\n"
		if b := outputs[WholeUnit]; b != nil {
			out = b.String()
		}
		res.set(WholeUnit, Unfinished, out)
	}
	if len(running) > 0 {
		res.Crash = crash
	}
	return res, nil
}

// parseEvent reads a line of test2json.
func parseEvent(line string) (testEvent, bool) {
	var ev testEvent
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &ev) != nil || ev.Action == "" {
		return testEvent{}, false
	}
	return ev, true
}

// addOutput appends to a test's output, forgetting the oldest half beyond 256 KB.
func addOutput(outputs map[string]*strings.Builder, name, text string) {
	b := outputs[name]
	if b == nil {
		b = new(strings.Builder)
		outputs[name] = b
	}
	if b.Len() > 256<<10 {
		tail := lastBytes(b.String(), 128<<10)
		b.Reset()
		b.WriteString(tail)
	}
	b.WriteString(text)
}
