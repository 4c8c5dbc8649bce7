// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
)

// A judge decides what the results of a unit's lanes mean.
type judge struct {
	alone *alone
	stock *Lane   // for trying alone
	ref   Results // results of the reference
	found []Finding
}

// reference looks at what failed in the reference itself: is it a flake, or does it fail alone as well?
func (j *judge) reference(ctx context.Context) error {
	tops, groups := byFunction(j.ref.names(Fail, Unfinished))
	explainedByTests := explained(j.ref)
	for i, top := range tops {
		if top == WholeUnit && explainedByTests {
			continue
		}
		if err := j.alone.keep(j.stock.Name, top, "first run", j.ref, groups[top]); err != nil {
			return err
		}
		t := &tally{Passes: map[string]int{}}
		if i < maxAlone {
			var err error
			if t, err = j.alone.try(ctx, j.stock, top, groups[top]); err != nil {
				return err
			}
		}
		for _, name := range groups[top] {
			kind := StockFails
			if t.Passes[name] > 0 {
				kind = StockFlake
			}
			j.add(j.stock.Name, name, kind, j.ref.outcome(name), "stock "+t.of(name))
		}
	}
	return nil
}

// lane judges the results of one lane against the reference.
func (j *judge) lane(ctx context.Context, l *Lane, got Results) error {
	list := append(suspects(j.ref, got), newFailures(j.ref, got)...)
	for _, f := range j.found { // flaky under stock and failed here too: does it ever pass here?
		if f.Kind == StockFlake && f.Lane == j.stock.Name && got.outcome(f.Test) != Pass && got.outcome(f.Test) != Skip {
			list = append(list, f.Test)
		}
	}
	crash := got.Crash
	tops, groups := byFunction(list)
	for i, top := range tops {
		if err := j.alone.keep(l.Name, top, "first run", got, groups[top]); err != nil {
			return err
		}
		if i >= maxAlone {
			for _, name := range groups[top] {
				j.add(l.Name, name, Difference, got.outcome(name), fmt.Sprintf("not tried alone, more than %d suspects", maxAlone))
			}
			continue
		}
		mine, err := j.alone.try(ctx, l, top, groups[top])
		if err != nil {
			return err
		}
		theirs := &tally{Passes: map[string]int{}}
		if !mine.all(groups[top]) {
			if theirs, err = j.alone.try(ctx, j.stock, top, groups[top]); err != nil {
				return err
			}
		}
		for _, name := range groups[top] {
			tries := l.Name + " " + mine.of(name)
			if theirs.Runs > 0 {
				tries += ", stock " + theirs.of(name)
			}
			j.add(l.Name, name, verdict(name, j.ref.outcome(name), mine, theirs), got.outcome(name), tries)
		}
		if crash == "" && theirs.Crash == "" {
			crash = mine.Crash
		}
	}
	if crash != "" && j.ref.Crash == "" {
		if err := j.alone.keep(l.Name, WholeUnit, "first run", got, nil); err != nil {
			return err
		}
		j.found = append(j.found, Finding{Lane: l.Name, Test: WholeUnit, Kind: Crash, Stock: j.ref.outcome(WholeUnit), Got: got.outcome(WholeUnit), Tries: crash, File: j.alone.file(WholeUnit)})
	}
	return nil
}

// verdict says what a suspect is after it was tried alone in both lanes. A test that stock doesn't have can't fail there.
func verdict(name string, ref Outcome, mine, theirs *tally) Kind {
	switch {
	case mine.Passes[name] > 0:
		return Flake
	case ref != Missing && theirs.Runs > 0 && theirs.Passes[name] == 0:
		return AloneFails
	}
	return Difference
}

// of prints passes and runs: "1/3".
func (t *tally) of(name string) string {
	return fmt.Sprintf("%d/%d", t.Passes[name], t.Runs)
}

// add records a finding about a test whose output is kept.
func (j *judge) add(lane, name string, kind Kind, got Outcome, tries string) {
	if why := expectedIn(lane, j.alone.unit.Name, topLevel(name)); kind == Difference && why != "" {
		kind, tries = Expected, tries+": "+why
	}
	j.found = append(j.found, Finding{Lane: lane, Test: name, Kind: kind, Stock: j.ref.outcome(name), Got: got, Tries: tries, File: j.alone.file(topLevel(name))})
}
