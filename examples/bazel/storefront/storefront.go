// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package storefront takes orders.
package storefront

import "sync"

// An Order is what somebody wants, and for how much.
type Order struct{ Number, Cents int }

// A form is what the customer has filled in.
type form [formSize]byte

// Handle reads a form and sends the order on.
func Handle(n int, orders chan<- Order, all *sync.WaitGroup) {
	var f form
	fill(&f, n)
	orders <- Order{n, price(&f)}
	all.Done()
}

//go:noinline
func fill(f *form, n int) {
	for i := range f {
		f[i] = byte(n + i)
	}
}

//go:noinline
func price(f *form) int { return 100 + int(f[0]) + int(f[len(f)-1]) }
