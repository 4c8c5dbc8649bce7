// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:debug randautoseed=0

// Sizes parks goroutines that have been as deep as is known, and prints what runtime/metrics lists and says: sizes GOROUTINES.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	ready := make(chan bool)
	for range n {
		go park(0, ready)
		go park(45, ready) // 10 to 12 KiB: room is left for whatever parking needs, so that 16 KiB holds them every time
		<-ready
		<-ready
	}
	all := metrics.All()
	fmt.Println("sorted", b2i(slices.IsSortedFunc(all, func(a, b metrics.Description) int { return strings.Compare(a.Name, b.Name) })))
	var samples []metrics.Sample
	for _, d := range all {
		if strings.HasPrefix(d.Name, "/spade/") {
			samples = append(samples, metrics.Sample{Name: d.Name})
			if d.Description == "" {
				fmt.Println("undescribed", d.Name)
			}
		}
	}
	rand.Int() // counts for its setting, which is registered before the first read
	samples = append(samples, metrics.Sample{Name: "/godebug/non-default-behavior/randautoseed:events"})
	metrics.Read(samples)
	kinds := map[string]metrics.ValueKind{}
	for _, d := range all {
		kinds[d.Name] = d.Kind
	}
	for _, s := range samples {
		if s.Value.Kind() != kinds[s.Name] {
			fmt.Println("otherkind", s.Name)
		}
		switch s.Value.Kind() {
		case metrics.KindUint64:
			fmt.Println(s.Name, s.Value.Uint64())
		case metrics.KindFloat64Histogram:
			h := s.Value.Float64Histogram()
			for i, count := range h.Counts {
				fmt.Printf("size-%.0f %d\n", h.Buckets[i], count)
			}
		}
	}
}

//go:noinline
func park(levels int, ready chan bool) int {
	var frame [200]byte
	frame[levels%len(frame)] = 1
	if levels == 0 {
		ready <- true
		select {}
	}
	return park(levels-1, ready) + int(frame[levels%len(frame)])
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
