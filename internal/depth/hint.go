// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/spadego/spade/internal/finding"
)

// A Hint is how much stack goroutines should start with: those of a go statement, or those that enter at a function.
type Hint struct {
	At    finding.Site // the line in which either starts
	Bytes int64        // a power of two
}

// Hints returns what each goroutine needs that has a bound and is started, or enters, in the main module: the stack that holds the bound and
// so many percent more. The counts are those of entries without a bound, and of those that are neither.
func (a *Analysis) Hints(margin int) (hints []Hint, unbounded, elsewhere int) {
	for _, e := range a.entries {
		found := a.describe(e)
		if found.System || e.kind == finding.KindMain {
			continue
		}
		switch at := a.hinted(e); {
		case found.Status != finding.Exact && found.Status != finding.UpperBound:
			unbounded++
		case at == place{}:
			elsewhere++
		default:
			size := int64(startSize)
			for size <= found.Bound+found.Bound*int64(margin)/100+guard {
				size *= 2
			}
			hints = append(hints, Hint{sites(at)[0], size})
		}
	}
	slices.SortFunc(hints, func(a, b Hint) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(b.Bytes, a.Bytes))
	})
	hints = slices.CompactFunc(hints, func(a, b Hint) bool { return a.At == b.At })
	return hints, unbounded, elsewhere
}

// hinted returns where a hint on an entry is to stand: at its go statement if there is only one, or else at its function. It returns no
// place if neither is in the main module, or if goroutines enter at a function that does not tell them from others.
func (a *Analysis) hinted(e entry) place {
	s := a.graph.resolver.source
	if len(e.sites) == 1 && s.own[e.sites[0].file] {
		for _, at := range s.gos[e.sites[0]] {
			if started, ok := at.instruction.(*ssa.Go); ok && e.variant == nil {
				return s.place(started.Pos())
			}
		}
	}
	if e.function == unknownTarget || e.variant != nil {
		return place{}
	}
	if f := &a.graph.code.functions[e.function]; s.own[f.file] && !isWritten(f.Name) && s.starts(f) {
		return f.start()
	}
	return place{}
}

// ownFiles returns the files of the main module, or of the workspace's.
func ownFiles(initial []*packages.Package) map[string]bool {
	own := map[string]bool{}
	packages.Visit(initial, nil, func(p *packages.Package) {
		if p.Module != nil && p.Module.Main {
			for _, file := range p.GoFiles {
				own[file] = true
			}
		}
	})
	return own
}
