// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pprof

func init() {
	profileDescriptions["stackgrowth"] = "Growths of goroutine stacks since the program's start, by the call stack that asked for more: how many, bytes copied, and time taken. One in 64 is recorded, and counts for 64, unless GOSPADE=growths=N says otherwise. With debug=1, estimates of the high-water marks of all entries come first."
	profileSupportsDelta["stackgrowth"] = true
}
