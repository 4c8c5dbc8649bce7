// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"context"
	"sync"
	"sync/atomic"
)

// Share has callers goroutines make count calls between them, and stops at the first that fails.
func Share(ctx context.Context, callers, count int, call func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var made atomic.Int64
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for made.Add(1) <= int64(count) && ctx.Err() == nil {
				if err := call(ctx); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
