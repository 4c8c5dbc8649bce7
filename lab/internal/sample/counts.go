// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import "runtime/metrics"

// counts are running totals of the runtime, and the slots of this moment.
type counts struct {
	spade       bool // the runtime has spade's metrics
	collections uint64
	growths     uint64
	inPlace     uint64
	copied      uint64 // bytes
	slotsUsed   uint64
	slotsFree   uint64
	enabled     uint64 // 1 when stacks grow in place
}

func readCounts() counts {
	samples := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/spade/stack/growths:growths"},
		{Name: "/spade/stack/growths-inplace:growths"},
		{Name: "/spade/stack/copied:bytes"},
		{Name: "/spade/slots/used:slots"},
		{Name: "/spade/slots/free:slots"},
		{Name: "/spade/stack/inplace:enabled"},
	}
	metrics.Read(samples)
	value := func(i int) uint64 {
		if samples[i].Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return samples[i].Value.Uint64()
	}
	return counts{
		spade:       samples[1].Value.Kind() == metrics.KindUint64,
		collections: value(0),
		growths:     value(1),
		inPlace:     value(2),
		copied:      value(3),
		slotsUsed:   value(4),
		slotsFree:   value(5),
		enabled:     value(6),
	}
}

// since returns what was counted from then to now.
func (now counts) since(then counts) counts {
	now.collections -= then.collections
	now.growths -= then.growths
	now.inPlace -= then.inPlace
	now.copied -= then.copied
	return now
}
