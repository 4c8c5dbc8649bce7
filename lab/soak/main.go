// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Soak keeps a mixed load up for a long time and checks that memory, slots and mappings stay flat.
//
//	spade go run ./lab/soak -for 30m
//
// It prints a line for each of ten stretches of the time, medians and peaks, and ends with exit code 1 if a later stretch holds
// more than the earlier ones do. The first stretch, in which the runtime learns, does not count.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"
)

const stretches = 10

func main() {
	length := flag.Duration("for", 30*time.Minute, "how long to keep the load up")
	flag.Parse()
	if *length < time.Minute || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: soak [-for DURATION], of at least 1m: growth does not show in less")
		os.Exit(2)
	}
	ctx, stop := context.WithTimeout(context.Background(), *length)
	defer stop()
	load(ctx)

	fmt.Printf("%-8s %12s %12s %12s %10s %10s %10s %10s\n", "until", "rss kB", "peak kB", "tables kB", "mappings", "used", "free", "goroutines")
	var history []figures
	began := time.Now()
	for i := range stretches {
		f := observe(began.Add(*length * time.Duration(i+1) / stretches))
		history = append(history, f)
		fmt.Printf("%-8s %12d %12d %12d %10d %10d %10d %10d\n", time.Since(began).Round(time.Second),
			f.rss.median(), f.rss.max(), f.tables.median(), f.mappings.max(), f.used.median(), f.free.median(), f.goroutines.median())
	}
	if faults := rising(history[1:]); len(faults) > 0 {
		fmt.Fprintln(os.Stderr, "soak: not flat:", faults)
		os.Exit(1)
	}
	fmt.Println("flat")
}
