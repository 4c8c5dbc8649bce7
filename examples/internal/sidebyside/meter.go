// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"runtime/metrics"
	"time"
)

// A Measurement is one round's figures.
type Measurement struct {
	PerSecond float64 // units of load
	CPU       float64 // seconds of user and system time per unit
	Resident  float64 // bytes at the end, page tables included
	Spade     bool    // the figures below are known
	InPlace   bool    // stacks grow in place
	Growths   float64 // per unit
	Copied    float64 // bytes of stacks per unit
}

// A meter is a reading of running totals.
type meter struct {
	wall            time.Time
	cpu             time.Duration
	resident        float64
	growths, copied uint64
	inPlace, spade  bool
}

func readMeter() meter {
	samples := []metrics.Sample{
		{Name: "/spade/stack/growths:growths"},
		{Name: "/spade/stack/copied:bytes"},
		{Name: "/spade/stack/inplace:enabled"},
	}
	metrics.Read(samples)
	m := meter{wall: time.Now(), cpu: processCPU(), resident: residentBytes()}
	if samples[0].Value.Kind() == metrics.KindUint64 {
		m.spade = true
		m.growths = samples[0].Value.Uint64()
		m.copied = samples[1].Value.Uint64()
		m.inPlace = samples[2].Value.Uint64() == 1
	}
	return m
}

// until returns what n units of load took from one reading to another.
func (m meter) until(end meter, n int) Measurement {
	per := func(total float64) float64 { return total / float64(n) }
	return Measurement{
		PerSecond: float64(n) / end.wall.Sub(m.wall).Seconds(),
		CPU:       per((end.cpu - m.cpu).Seconds()),
		Resident:  end.resident,
		Spade:     end.spade,
		InPlace:   end.inPlace,
		Growths:   per(float64(end.growths - m.growths)),
		Copied:    per(float64(end.copied - m.copied)),
	}
}

// OnSpade reports whether this program runs on spade's runtime.
func OnSpade() bool {
	samples := []metrics.Sample{{Name: "/spade/stack/growths:growths"}}
	metrics.Read(samples)
	return samples[0].Value.Kind() == metrics.KindUint64
}
