// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package billing writes bills.
package billing

import "example.com/shop/storefront"

// Total adds up orders until there are no more.
func Total(orders <-chan storefront.Order, total chan<- int) {
	sum := 0
	for o := range orders {
		sum += o.Cents
	}
	total <- sum
}
