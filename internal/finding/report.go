// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"slices"
)

// A Report is a whole stream, sorted for a reader. Its Handle collects; writers that show tables embed it.
type Report struct {
	Config   Config
	Sources  []Source
	New      *Growth
	Base     *Growth // nil unless two sets are compared
	Verdicts []Verdict

	payers map[payerKey]*Row
}

// A Row is a payer in one set or in both.
type Row struct {
	New, Base *Payer // one of them may be nil
}

// A payerKey leaves the line out: it may differ between two versions of a program.
type payerKey struct{ by, name, file string }

// Handle collects m.
func (r *Report) Handle(m Message) error {
	switch {
	case m.Config != nil:
		r.Config = *m.Config
	case m.Source != nil:
		r.Sources = append(r.Sources, *m.Source)
	case m.Growth != nil && m.Growth.Set == Base:
		r.Base = m.Growth
	case m.Growth != nil:
		r.New = m.Growth
	case m.Payer != nil:
		r.addPayer(m.Payer)
	case m.Verdict != nil:
		r.Verdicts = append(r.Verdicts, *m.Verdict)
	}
	return nil
}

func (r *Report) addPayer(p *Payer) {
	if r.payers == nil {
		r.payers = map[payerKey]*Row{}
	}
	key := payerKey{p.By, p.Name, p.File}
	row := r.payers[key]
	if row == nil {
		row = &Row{}
		r.payers[key] = row
	}
	if p.Set == Base {
		row.Base = p
	} else {
		row.New = p
	}
}

// Rows returns the rows of one kind (ByEntry, ByTrigger, ByFrame), those with most growth in either set first.
func (r *Report) Rows(by string) []*Row {
	var rows []*Row
	for key, row := range r.payers {
		if key.by == by {
			rows = append(rows, row)
		}
	}
	weight := func(row *Row) float64 { return max(r.NewShare(row), r.BaseShare(row)) }
	slices.SortFunc(rows, func(a, b *Row) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a.Payer().Name, b.Payer().Name), cmp.Compare(a.Payer().File, b.Payer().File))
	})
	return rows
}

// Payer returns the newer of the row's two payers.
func (row *Row) Payer() *Payer {
	if row.New != nil {
		return row.New
	}
	return row.Base
}

// NewShare is the part of all CPU time of the new set that the row's growth takes.
func (r *Report) NewShare(row *Row) float64 { return shareOf(row.New, r.New) }

// BaseShare is NewShare in the base set.
func (r *Report) BaseShare(row *Row) float64 { return shareOf(row.Base, r.Base) }

func shareOf(p *Payer, g *Growth) float64 {
	if p == nil || g == nil {
		return 0
	}
	return Ratio(p.Growth.Total(), g.CPU)
}
