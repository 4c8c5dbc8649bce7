// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import "time"

// usage is what the kernel says that the process has used so far.
type usage struct {
	cpu         time.Duration // user and system
	system      time.Duration
	minorFaults int64
	switches    int64 // voluntary and involuntary context switches
	maxResident int64 // bytes, since the process began
}

// since returns what was used from then to now; maxResident stays a maximum.
func (now usage) since(then usage) usage {
	now.cpu -= then.cpu
	now.system -= then.system
	now.minorFaults -= then.minorFaults
	now.switches -= then.switches
	return now
}

// CPU returns the time that processors have worked for the process so far, or 0
// where that is not known.
func CPU() time.Duration { return readUsage().cpu }
