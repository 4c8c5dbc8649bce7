// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"slices"

	"github.com/spadego/spade/internal/edit"
)

// Edits is what a set of edits is to this package.
type Edits struct {
	ID     string
	Stock  []string                                       // the files edited or relied on: slash paths below GOROOT/src
	Verify func(goroot string) []string                   // the declarations that are not as the edits need them
	Apply  func(goroot string) (map[string][]byte, error) // slash path below GOROOT/src -> content
}

// A MismatchError names the declarations of a GOROOT that the edits do not fit.
type MismatchError = edit.MismatchError

// RuntimeEdits returns spade's edits of package runtime.
func RuntimeEdits() (Edits, error) {
	set, err := edit.Runtime()
	if err != nil {
		return Edits{}, err
	}
	return editsOf(set), nil
}

func editsOf(set edit.Set) Edits {
	return Edits{
		ID:    set.ID(),
		Stock: stockFiles(set),
		Verify: func(goroot string) []string {
			var lines []string
			for _, m := range set.Verify(goroot) {
				lines = append(lines, m.String())
			}
			return lines
		},
		Apply: func(goroot string) (map[string][]byte, error) { return set.Apply(goroot) },
	}
}

func stockFiles(s edit.Set) []string {
	var files []string
	for _, e := range s.Edits {
		files = append(files, e.File)
	}
	for _, d := range s.Watched {
		files = append(files, d.File)
	}
	slices.Sort(files)
	return slices.Compact(files)
}
