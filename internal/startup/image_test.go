// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
	"os"
	"runtime"
	"slices"
	"testing"
)

func TestInitName(t *testing.T) {
	for function, want := range map[string][2]string{
		"main.init":                           {"main", "init"},
		"example.com/a/b.init.12":             {"example.com/a/b", "init.12"},
		"gopkg.in/yaml%2ev3.init":             {"gopkg.in/yaml.v3", "init"},
		"example.com/odd%22%zz.init":          {"example.com/odd\"%zz", "init"},
		"example.com/a.map.init.0":            {},
		"example.com/a.init.func1":            {},
		"example.com/a.init.0.func1":          {},
		"example.com/a.(*T).init":             {},
		"example.com/a.initialize":            {},
		"example.com/a.init.":                 {},
		"type:.eq.struct { F uintptr; x.init": {},
	} {
		pkg, name, ok := initName(function)
		if pkg != want[0] || name != want[1] || ok != (name != "") {
			t.Errorf("%s is %q of %q, %v", function, name, pkg, ok)
		}
	}
}

// TestOwnImage reads this test's own binary: each init function that is listed in the data is found, with its place there.
func TestOwnImage(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("skipped: reads binaries for linux/amd64")
	}
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m, err := openImage(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"runtime", "os", "unicode", "go/token", "testing"} {
		if !slices.ContainsFunc(m.inits, func(f initFunc) bool { return f.pkg == want && f.slot != 0 }) {
			t.Errorf("no init function of package %s", want)
		}
	}
	for _, s := range stages {
		if m.stops[s.function] == 0 {
			t.Errorf("%s was not found", s.function)
		}
	}
	if m.stops[mainName] == 0 || m.stops[newprocName] == 0 || m.end <= m.stops[mainName] {
		t.Errorf("%#x, the end at %#x", m.stops, m.end)
	}
	before := uint64(0)
	for _, p := range m.pages() {
		if p.start < before || p.end <= p.start || p.start%4096 != 0 || p.end%4096 != 0 {
			t.Errorf("section %s is from %#x to %#x, after %#x", p.section.name, p.start, p.end, before)
		}
		before = p.end
	}
}

// FuzzTask looks for lists of functions in any data.
func FuzzTask(f *testing.F) {
	words := func(list ...uint64) (data []byte) {
		for _, w := range list {
			data = binary.LittleEndian.AppendUint64(data, w)
		}
		return data
	}
	f.Add(words(0, 2<<32, 0x401000, 0x402000, 1<<32, 0x402000))
	f.Add(words(3<<32, 0x401000, 0x402000))
	f.Add(words(1<<63, 0x401000))
	f.Add(words(1<<32|1, 0x401000))
	f.Fuzz(func(t *testing.T, data []byte) {
		byAddress := map[uint64]int{0x401000: 0, 0x402000: 1}
		word := func(at int) uint64 { return binary.LittleEndian.Uint64(data[at:]) }
		for at := 0; at+16 <= len(data); at += 8 {
			list := taskAt(word, byAddress, at, len(data))
			if len(list) > 0 && word(at) != uint64(len(list))<<32 {
				t.Errorf("%d functions behind %#x", len(list), word(at))
			}
		}
	})
}

func TestTask(t *testing.T) {
	data := []uint64{2 << 32, 0x401000, 0x402000, 1<<32 | 1, 0x401000, 2 << 32, 0x401000, 0x403000, 2 << 32, 0x401000}
	word := func(at int) uint64 { return data[at/8] }
	byAddress := map[uint64]int{0x401000: 5, 0x402000: 6}
	for at, want := range map[int][]int{0: {5, 6}, 3: nil, 5: nil, 8: nil} {
		if got := taskAt(word, byAddress, 8*at, 8*len(data)); !slices.Equal(got, want) {
			t.Errorf("at %d are %v, want %v", at, got, want)
		}
	}
}
