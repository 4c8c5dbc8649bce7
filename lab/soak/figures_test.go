// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import "testing"

func TestRising(t *testing.T) {
	flat := figures{series{90_000, 100_000}, series{900}, series{60}, series{4000}, series{100}, series{5000}}
	for name, change := range map[string]func(*figures, int){
		"":                func(*figures, int) {},
		"resident memory": func(f *figures, i int) { f.rss = series{100_000 + i*8000} },
		"page tables":     func(f *figures, i int) { f.tables = series{900 + i*300} },
		"mappings":        func(f *figures, i int) { f.mappings = series{60 + i*10} },
		"slots in use":    func(f *figures, i int) { f.used = series{4000 + i*300} },
		"goroutines":      func(f *figures, i int) { f.goroutines = series{5000 + i*300} },
	} {
		var history []figures
		for i := range 9 {
			f := flat
			change(&f, i)
			history = append(history, f)
		}
		faults := rising(history)
		if name == "" && len(faults) > 0 || name != "" && len(faults) != 1 {
			t.Errorf("%q rises: %q", name, faults)
		}
	}
}
