// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A Report is what came out for one unit.
type Report struct {
	Suite    string      `json:"suite"`
	Go       string      `json:"go"`
	Mode     string      `json:"mode"`
	Unit     string      `json:"unit"`
	Lanes    []LaneCount `json:"lanes"`
	Findings []Finding   `json:"findings,omitempty"`
	Error    string      `json:"error,omitempty"` // the unit could not be run at all
}

// LaneCount is a lane's results in numbers.
type LaneCount struct {
	Lane    string  `json:"lane"`
	Pass    int     `json:"pass"`
	Fail    int     `json:"fail"`
	Skip    int     `json:"skip"`
	Seconds float64 `json:"seconds"`
	Stored  bool    `json:"stored"` // from an earlier run
}

// bad reports whether the unit makes the run fail.
func (r Report) bad() bool {
	for _, f := range r.Findings {
		if f.Kind.bad() {
			return true
		}
	}
	return r.Error != ""
}

// maxResumes bounds how often the tests behind a crash are given another process.
const maxResumes = 8

// runner runs the units of one suite on one toolchain in one mode.
type runner struct {
	store store
	suite string
	lanes []*Lane
	flags string // part of the id of stored results
	fresh bool   // don't use stored results
}

// unit returns the report of a unit: the stored one of an earlier run of the same lanes, or a new one.
func (r runner) unit(ctx context.Context, u Unit) Report {
	first := r.lanes[0]
	dir := r.store.unitDir(r.suite, first.Go.Name, first.Mode.Name, u.Name)
	id := r.flags + " " + u.Key
	for _, l := range r.lanes {
		id += "; " + l.id()
	}
	if !r.fresh {
		if rep, ok := r.store.loadReport(dir, id); ok {
			for i := range rep.Lanes {
				rep.Lanes[i].Stored = true
			}
			return rep
		}
	}
	rep := r.run(ctx, u, dir)
	if rep.Error == "" {
		if err := r.store.saveReport(dir, id, rep); err != nil {
			rep.Error = err.Error()
		}
	}
	return rep
}

// run runs a unit in all lanes and judges the results.
func (r runner) run(ctx context.Context, u Unit, dir string) Report {
	first := r.lanes[0]
	rep := Report{Suite: r.suite, Go: first.Go.Name, Mode: first.Mode.Name, Unit: u.Name}
	if u.Clean != nil {
		defer u.Clean()
	}
	if err := os.RemoveAll(filepath.Join(dir, "failed")); err != nil { // of an earlier run
		rep.Error = err.Error()
		return rep
	}
	var ref Results
	stock := &Lane{Name: "stock", Go: first.Go, Mode: first.Mode}
	j := &judge{alone: &alone{unit: u, dir: dir, done: map[string]*tally{}}, stock: stock}
	for i, l := range r.lanes {
		res, stored, err := r.results(ctx, u, l, dir, ref)
		if err != nil {
			rep.Error = fmt.Sprintf("%s: %v", l.Name, err)
			return rep
		}
		rep.Lanes = append(rep.Lanes, LaneCount{l.Name, res.count(Pass), res.count(Fail) + res.count(Unfinished), res.count(Skip), res.Seconds, stored})
		if i == 0 && l.Spade == nil {
			ref = res
			j.ref = ref
			err = j.reference(ctx)
		} else {
			if first.Spade != nil { // no reference was run: everything is expected to pass
				j.ref = allPassing(res)
			}
			err = j.lane(ctx, l, res)
		}
		if err != nil {
			rep.Error = fmt.Sprintf("%s: %v", l.Name, err)
			break
		}
	}
	rep.Findings = j.found
	if rep.Error == "" && first.Spade != nil {
		rep.Error = withoutReference(j.found)
	}
	return rep
}

// withoutReference says what is wrong with a unit that was to pass everywhere and fails under stock too, "" for nothing.
func withoutReference(found []Finding) string {
	for _, f := range found {
		if f.Kind == AloneFails {
			return fmt.Sprintf("%s fails under stock as well, see %s", f.Test, f.File)
		}
	}
	return ""
}

// results returns the stored results of a lane or runs the unit, again from behind a crash where tests are missing.
func (r runner) results(ctx context.Context, u Unit, l *Lane, dir string, ref Results) (Results, bool, error) {
	id := l.id() + " " + r.flags + " " + u.Key
	if !r.fresh {
		if res, ok := r.store.load(dir, l.Name, id); ok {
			return res, true, nil
		}
	}
	start := time.Now()
	res, err := u.Run(ctx, l, nil, filepath.Join(dir, "files-"+l.Name))
	if err != nil {
		return res, false, err
	}
	for n := 0; n < maxResumes && res.outcome(WholeUnit) != Pass && len(ref.Tests) > 0; n++ {
		missing := missingTops(ref, res)
		if len(missing) == 0 {
			break
		}
		more, err := u.Run(ctx, l, missing, filepath.Join(dir, "files-"+l.Name))
		if err != nil {
			return res, false, err
		}
		before := len(res.Tests)
		res.merge(more)
		if len(res.Tests) == before {
			break
		}
	}
	res.Seconds = time.Since(start).Seconds()
	return res, false, r.store.save(dir, l.Name, id, res)
}

// allPassing returns the results that are expected where stock isn't asked: everything that isn't skipped passes.
func allPassing(res Results) Results {
	ref := newResults()
	for name, o := range res.Tests {
		if o != Skip {
			o = Pass
		}
		ref.Tests[name] = o
	}
	return ref
}
