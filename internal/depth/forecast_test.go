// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestGrow(t *testing.T) {
	for _, test := range []struct {
		name   string
		checks []check
		want   finding.Forecast
	}{
		{"nothing", nil, finding.Forecast{Size: 2048}},
		{"just enough", []check{{used: 1000, lower: 119, frame: 247}}, finding.Forecast{Size: 2048}},
		{"a byte too much", []check{{used: 1000, lower: 120, frame: 248}}, finding.Forecast{Size: 4096, Growths: 1, Copied: 1000}},
		{"one large frame", []check{{used: 100, lower: 9872, frame: 10000}}, finding.Forecast{Size: 16384, Growths: 1, Copied: 100}},
		{"down and down", []check{{100, 0, 64}, {1200, 0, 64}, {1300, 0, 64}, {4000, 0, 64}}, finding.Forecast{Size: 8192, Growths: 2, Copied: 5200}},
	} {
		if got := grow(test.checks); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
