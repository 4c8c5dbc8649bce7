// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"math"
	"testing"
	"testing/fstest"
)

func TestAvailable(t *testing.T) {
	const meminfo, max2, max1 = "proc/meminfo", "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing is told", nil, math.MaxInt64},
		{"the machine", map[string]string{meminfo: "MemTotal:       24000000 kB\nMemAvailable:    2000 kB\n"}, 2000 << 10},
		{"a container", map[string]string{meminfo: "MemAvailable:    2000 kB\n", max2: "1000000\n"}, 1000000},
		{"a container without a limit", map[string]string{meminfo: "MemAvailable:    2000 kB\n", max2: "max\n"}, 2000 << 10},
		{"an older container", map[string]string{max1: "4096"}, 4096},
		{"what is not understood", map[string]string{meminfo: "MemAvailable: many kB\n", max2: "-1"}, math.MaxInt64},
	} {
		files := fstest.MapFS{}
		for name, text := range test.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := available(files); got != test.want {
			t.Errorf("%s: %d bytes, want %d", test.name, got, test.want)
		}
	}
}

func TestHeapFor(t *testing.T) {
	for _, test := range []struct{ live, most, want int64 }{
		{0, 64 << 30, enoughHeap},
		{3 << 30, 64 << 30, enoughHeap},
		{4 << 30, 64 << 30, 8 << 30},
		{4 << 30, 3 << 30, 3 << 30},
		{0, 2 << 30, 2 << 30},
	} {
		if got := heapFor(test.live, test.most); got != test.want {
			t.Errorf("with %d live of at most %d: %d bytes, want %d", test.live, test.most, got, test.want)
		}
	}
}
