// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import "github.com/spadego/spade/internal/edit"

// RetainStrategy is the one strategy of a build with the edits of RetainEdits.
const RetainStrategy = "retain"

// RetainEdits returns the edits of the runtime that the lab compares spade's with.
func RetainEdits() (Edits, error) {
	set, err := edit.Retain()
	if err != nil {
		return Edits{}, err
	}
	return editsOf(set), nil
}

// retainMarker makes m that of a build with the edits of RetainEdits, if t is for those.
func (t *Tool) retainMarker(m Marker) Marker {
	if t.Retain {
		m.Default, m.Kind = RetainStrategy, RetainStrategy
	}
	return m
}
