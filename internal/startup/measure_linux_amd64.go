// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spadego/spade/internal/pagecache"
)

// How many runs there are of those whose numbers hardly vary.
const (
	exploring = 3
	counting  = 3
)

// Measure measures programs, taking turns.
func Measure(ctx context.Context, subjects []*Subject, o Options) ([]*Timeline, error) {
	t, err := newTracer()
	if err != nil {
		return nil, err
	}
	defer t.close()
	var list []*measured
	for _, s := range subjects {
		m := &measured{subject: s, program: newProgram(s.Packages)}
		if m.image, err = openImage(s.Binary); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		list = append(list, m)
	}
	began, ticks := time.Now(), timestamp()
	for _, step := range []func(context.Context, *tracer, []*measured, Options) error{explore, repeat, count, touch, drop} {
		if err := step(ctx, t, list, o); err != nil {
			return nil, err
		}
	}
	for time.Since(began) < 50*time.Millisecond { // for the scale's sake
	}
	scale := float64(time.Since(began).Nanoseconds()) / float64(timestamp()-ticks)
	var timelines []*Timeline
	for _, m := range list {
		m.scale = scale
		timelines = append(timelines, m.timeline())
	}
	return timelines, nil
}

// run starts the subject once.
func (m *measured) run(ctx context.Context, t *tracer, o Options, p plan, env ...string) (*run, error) {
	s := m.subject
	r, err := t.run(ctx, command{m.image, s.Args, slices.Concat(s.Env, env), s.Dir, o.Timeout}, p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return r, nil
}

// Packages are looked at by variables if their initialization takes more than this part of the whole, or this long.
const (
	costlyPart  = 1.0 / 2000
	costlyTicks = 20_000
)

// explore finds out which packages to look at by variables.
func explore(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for _, m := range list {
		cutting := m.image.functions(true)
		ticks := map[string][]uint64{} // of the packages' variables
		var totals []uint64
		for range exploring {
			o.Progress("%s: which packages take time", m.subject.Name)
			r, err := m.run(ctx, t, o, plan{cuts: cutting.cuts})
			if err != nil {
				return err
			}
			totals = append(totals, r.total())
			for _, s := range segments(r, cutting) {
				if s.mark.kind == atInit {
					ticks[s.mark.pkg] = append(ticks[s.mark.pkg], s.ticks)
				}
			}
		}
		known := map[string]*lines{}
		least := min(costlyTicks, costlyPart*float64(median(totals)))
		for _, f := range m.image.inits {
			if list := ticks[f.pkg]; f.isVariables() && len(list) > 0 && float64(median(list)) >= least {
				known[f.pkg] = readLines(m.image.sources(f, m.program.find(f.pkg)))
			}
		}
		m.whole = m.image.variables(known)
		m.counted = m.image.counting(m.whole)
		m.coldly = m.image.functions(false)
	}
	return nil
}

// repeat makes the warm runs, with all cuts and with none in turn.
func repeat(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for i := range o.Runs {
		for _, m := range list {
			o.Progress("%s: run %d of %d", m.subject.Name, i+1, o.Runs)
			r, err := m.run(ctx, t, o, plan{cuts: m.image.onlyMain().cuts})
			if err != nil {
				return err
			}
			m.plain = append(m.plain, r)
			if r, err = m.run(ctx, t, o, plan{cuts: m.whole.cuts}); err != nil {
				return err
			}
			m.warm = append(m.warm, r)
		}
	}
	return nil
}

// count makes the runs that count.
func count(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for _, m := range list {
		o.Progress("%s: counting", m.subject.Name)
		for range counting {
			r, err := m.run(ctx, t, o, plan{cuts: m.counted.cuts, counts: true})
			if err != nil {
				return err
			}
			m.counts = append(m.counts, r)
		}
		if m.image.symbols[inittraceName] == 0 {
			m.unseen = append(m.unseen, "allocations: the binary has no table of symbols")
		} else {
			r, err := m.run(ctx, t, o, plan{cuts: m.counted.cuts, counts: true}, "GODEBUG="+godebug(m.subject.Env))
			if err != nil {
				return err
			}
			m.allocs = r
		}
		calls := make([]int64, len(m.whole.cuts)+1)
		_, err := m.run(ctx, t, o, plan{cuts: m.whole.cuts, calls: func(current uint64) {
			calls[max(int(current), recordsFirst-1)-recordsFirst+1]++
		}})
		if err != nil {
			return err
		}
		m.calls = calls
	}
	return nil
}

// drop makes the cold runs.
func drop(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for i := range o.Cold {
		for _, m := range list {
			o.Progress("%s: cold run %d of %d", m.subject.Name, i+1, o.Cold)
			err := pagecache.Drop(m.subject.Binary)
			if err == nil {
				var r *run
				if r, err = m.run(ctx, t, o, plan{cuts: m.coldly.cuts}); err != nil {
					return err
				}
				if r.reads == 0 {
					err = errors.New("the kernel kept the program's file in memory")
				}
				m.cold = append(m.cold, r)
			}
			if err != nil {
				m.cold = nil
				m.unseen = append(m.unseen, fmt.Sprintf("a cold page cache: %v", err))
				return nil
			}
		}
	}
	return nil
}
