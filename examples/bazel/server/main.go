// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Server sells a hundred things: each order is handled in a goroutine of its own, and a goroutine writes the bills.
package main

import (
	"fmt"
	"sync"

	"example.com/shop/billing"
	"example.com/shop/storefront"
)

func main() {
	orders := make(chan storefront.Order)
	done := make(chan int)
	go billing.Total(orders, done)
	var all sync.WaitGroup
	for n := range 100 {
		all.Add(1)
		go storefront.Handle(n, orders, &all)
	}
	all.Wait()
	close(orders)
	fmt.Println(<-done)
}
