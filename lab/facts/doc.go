// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package facts holds tests that decide statements about Go which need no
// stopwatch: what its compiler emits, and what its memory model promises. The
// lab runs each as a workload.
package facts
