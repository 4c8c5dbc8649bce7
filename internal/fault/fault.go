// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package fault holds no code, only tests of fault builds: programs whose goroutine stacks have no checks in function prologues and
// grow by page faults. They build a compiler, which takes a minute or two, and so are among the long tests.
package fault
