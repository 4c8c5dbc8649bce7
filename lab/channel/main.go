// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Channel passes values between two goroutines in ways that Shallow's handoff
// does not: through a buffer, and through select.
//
//	buffered   one sends through a buffer of 64, the other receives
//	select     the receiver waits with select on four channels, of which the
//	           sender uses one after the other
//	fair       one goroutine selects among four buffered channels that are
//	           always ready; least-share is the part that the least chosen had
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	which := flag.String("mode", "buffered", "buffered, select or fair")
	n := flag.Int("n", 1_000_000, "values to pass")
	flag.Parse()
	run, found := map[string]func(int) []sample.Figure{"buffered": buffered, "select": selecting, "fair": fair}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "channel: no mode %q: use buffered, select or fair\n", *which)
		os.Exit(2)
	}
	run(min(*n, 20_000))
	stretch := sample.Begin()
	figures := run(*n)
	stretch.End(os.Stdout, "Channel/"+*which, *n, figures...)
}

func buffered(n int) []sample.Figure {
	values, done := make(chan int, 64), make(chan int)
	go func() {
		sum := 0
		for v := range values {
			sum += v
		}
		done <- sum
	}()
	for i := range n {
		values <- i
	}
	close(values)
	<-done
	return nil
}

func selecting(n int) []sample.Figure {
	var ways [4]chan int
	for i := range ways {
		ways[i] = make(chan int)
	}
	done := make(chan int)
	go func() {
		sum := 0
		for range n {
			select {
			case v := <-ways[0]:
				sum += v
			case v := <-ways[1]:
				sum += v
			case v := <-ways[2]:
				sum += v
			case v := <-ways[3]:
				sum += v
			}
		}
		done <- sum
	}()
	for i := range n {
		ways[i%len(ways)] <- i
	}
	<-done
	return nil
}

// fair puts back what it takes, so that all channels stay ready.
func fair(n int) []sample.Figure {
	var ways [4]chan int
	for i := range ways {
		ways[i] = make(chan int, 1)
		ways[i] <- i
	}
	var chosen [4]int
	for range n {
		var way int
		select {
		case way = <-ways[0]:
		case way = <-ways[1]:
		case way = <-ways[2]:
		case way = <-ways[3]:
		}
		chosen[way]++
		ways[way] <- way
	}
	least := min(chosen[0], chosen[1], chosen[2], chosen[3])
	return []sample.Figure{{Value: float64(least) / float64(n), Unit: "least-share"}}
}
