// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package stackpolicy

import _ "embed"

// Source is the text of policy.go, for package edit to add to package runtime.
//
//go:embed policy.go
var Source string
