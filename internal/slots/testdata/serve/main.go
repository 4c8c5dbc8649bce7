// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Serve serves net/http/pprof to itself and prints what is there: the index's line on stackgrowth, the profile's size, its text, and the
// high-water estimates in that.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof"
	"runtime/pprof"
	"strings"
)

func main() {
	done := make(chan bool)
	for range 2000 {
		go grow(done)
		<-done
	}
	for _, p := range pprof.Profiles() {
		if p.Name() == "stackgrowth" {
			fmt.Println("listed", p.Count())
		}
	}
	server := httptest.NewServer(nil)
	defer server.Close()
	index := get(server.URL + "/debug/pprof/")
	fmt.Println("linked", strings.Count(index, "stackgrowth?debug=1"))
	fmt.Println("described", strings.Count(index, "Growths of goroutine stacks"))
	fmt.Println("bytes", len(get(server.URL+"/debug/pprof/stackgrowth")))
	fmt.Println("delta", len(get(server.URL+"/debug/pprof/stackgrowth?seconds=1")))
	text := get(server.URL + "/debug/pprof/stackgrowth?debug=1")
	fmt.Println("text", strings.Count(text, "main.dig+"))
	fmt.Println("estimates", strings.Count(text, "\n# high-water estimate: from "))
}

func get(url string) string {
	r, err := http.Get(url)
	if err != nil {
		panic(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		panic(fmt.Sprint(url, ": ", r.Status, err, ": ", string(body)))
	}
	return string(body)
}

func grow(done chan bool) {
	dig(40)
	done <- true
}

//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}
