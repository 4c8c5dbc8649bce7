// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Prometheus prints what client_golang's Go collector has of spade's metrics, as a server would see it.
package main

import (
	"os"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

func main() {
	done := make(chan bool)
	for range 1000 {
		go deep(done)
		<-done
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.MetricsAll)))
	families, err := registry.Gather()
	if err != nil {
		panic(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "go_spade_") {
			if _, err := expfmt.MetricFamilyToText(os.Stdout, f); err != nil {
				panic(err)
			}
		}
	}
}

// deep needs a stack of 16 KiB.
func deep(done chan bool) {
	dig(50)
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
