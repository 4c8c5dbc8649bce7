// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !(linux && amd64)

package startup

import "context"

// Measure measures programs, taking turns.
func Measure(context.Context, []*Subject, Options) ([]*Timeline, error) { return nil, ErrSystem }
