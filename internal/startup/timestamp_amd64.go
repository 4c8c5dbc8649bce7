// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

// timestamp returns the processor's time stamp.
func timestamp() uint64
