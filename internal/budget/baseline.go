// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A Baseline is how deep the entries of programs were when it was written.
type Baseline struct {
	Version  int               `json:"version"`
	Programs []BaselineProgram `json:"programs"` // sorted
}

// A BaselineProgram is one program on one kind of machine: frames differ between them.
type BaselineProgram struct {
	Program string          `json:"program"`
	Machine string          `json:"machine"`
	Go      string          `json:"go"`
	Entries []BaselineEntry `json:"entries"` // sorted
}

// A BaselineEntry is an entry without what changes with every edit, such as lines.
type BaselineEntry struct {
	Entry   string         `json:"entry"`
	Kind    string         `json:"kind"`
	Status  finding.Status `json:"status"`
	Bytes   int64          `json:"bytes"`
	Growths int64          `json:"growths"`
	Path    []string       `json:"path,omitempty"` // "BYTES FUNCTION", those that take most of the witness path
}

// BaselineName returns the name of the baseline of a file of budgets: a file beside it.
func BaselineName(budgets string) string {
	return strings.TrimSuffix(budgets, filepath.Ext(budgets)) + ".baseline.json"
}

// ReadBaseline reads a baseline. All errors are of type *SyntaxError.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	s := &source{name, data}
	top, err := s.parse()
	if err != nil {
		return nil, err
	}
	b := &Baseline{Version: version}
	err = s.fields(top, map[string]func(*value) error{
		"version": s.versionField,
		"programs": func(v *value) error {
			return s.each(v, func(one *value) error {
				p, err := s.baselineProgram(one)
				if b.find(p.Program, p.Machine) != nil {
					return s.fault(one.offset, "%s on %s is there twice", p.Program, p.Machine)
				}
				b.Programs = append(b.Programs, p)
				return err
			})
		},
	})
	if err == nil && top.member("version") == nil {
		err = s.fault(top.offset, `there is no "version": %d`, version)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (s *source) baselineProgram(v *value) (BaselineProgram, error) {
	p := BaselineProgram{Entries: []BaselineEntry{}}
	err := s.fields(v, map[string]func(*value) error{
		"program": s.text(&p.Program), "machine": s.text(&p.Machine), "go": s.text(&p.Go),
		"entries": func(v *value) error {
			return s.each(v, func(one *value) error {
				e, err := s.baselineEntry(one)
				p.Entries = append(p.Entries, e)
				return err
			})
		},
	})
	return p, err
}

func (s *source) baselineEntry(v *value) (BaselineEntry, error) {
	var e BaselineEntry
	return e, s.fields(v, map[string]func(*value) error{
		"entry": s.text(&e.Entry), "kind": s.text(&e.Kind),
		"bytes": s.count(&e.Bytes), "growths": s.count(&e.Growths),
		"status": func(v *value) error {
			list, err := s.status(nil, v)
			if err == nil {
				e.Status = list[0]
			}
			return err
		},
		"path": func(v *value) error {
			return s.each(v, func(one *value) error {
				var step string
				if err := s.text(&step)(one); err != nil {
					return err
				}
				if _, ok := readTaken(step); !ok {
					return s.fault(one.offset, "%q is no part of a path: want bytes, a space, a function", step)
				}
				e.Path = append(e.Path, step)
				return nil
			})
		},
	})
}

func writeTaken(t taken) string { return fmt.Sprintf("%d %s", t.bytes, t.function) }

func readTaken(text string) (t taken, ok bool) {
	number, function, found := strings.Cut(text, " ")
	bytes, err := strconv.ParseInt(number, 10, 64)
	return taken{function, bytes}, found && err == nil
}

// find returns the program's part, or nil. A nil Baseline has none.
func (b *Baseline) find(program, machine string) *BaselineProgram {
	if b == nil {
		return nil
	}
	for i := range b.Programs {
		if p := &b.Programs[i]; p.Program == program && p.Machine == machine {
			return p
		}
	}
	return nil
}

// With returns a baseline in which the parts of the given programs are as they are found now, and all others as in b, which may be nil.
func (b *Baseline) With(programs []Program) *Baseline {
	now := &Baseline{Version: version, Programs: []BaselineProgram{}}
	if b != nil {
		now.Programs = append(now.Programs, b.Programs...)
	}
	for _, p := range programs {
		part := BaselineProgram{Program: p.Path, Machine: p.Machine, Go: p.Go, Entries: []BaselineEntry{}}
		for _, e := range p.named() {
			part.Entries = append(part.Entries, e.baseline())
		}
		now.Programs = slices.DeleteFunc(now.Programs, func(old BaselineProgram) bool {
			return old.Program == part.Program && old.Machine == part.Machine
		})
		now.Programs = append(now.Programs, part)
	}
	slices.SortFunc(now.Programs, func(a, b BaselineProgram) int {
		return cmp.Or(cmp.Compare(a.Program, b.Program), cmp.Compare(a.Machine, b.Machine))
	})
	return now
}

// Text returns the baseline as it is kept in a file, a line for each thing that can change.
func (b *Baseline) Text() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	err := enc.Encode(b)
	return out.Bytes(), err
}
