// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"encoding/binary"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/pclntab"
)

// ownProgram returns the program that the test is in, and its code.
func ownProgram(t *testing.T) (*os.File, *pclntab.Text) {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("skipped: reads code in ELF programs for amd64")
	}
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { self.Close() })
	text, err := pclntab.ReadText(self)
	if err != nil {
		t.Fatal(err)
	}
	return self, text
}

// TestReadChecks compares the checks that are found in this test's program with the calls of morestack in it: each check has one.
func TestReadChecks(t *testing.T) {
	self, text := ownProgram(t)
	found, err := readChecks(self)
	if err != nil {
		t.Fatal(err)
	}
	morestack := map[uint64]bool{}
	for i := range text.Len() {
		f, err := text.Func(i)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "runtime.morestack" || f.Name == "runtime.morestack_noctxt" {
			morestack[f.Entry] = true
		}
	}
	calls := 0
	for at := 0; at+5 <= len(text.Code); at++ {
		if text.Code[at] == 0xe8 && morestack[uint64(int64(at+5)+int64(int32(binary.LittleEndian.Uint32(text.Code[at+1:]))))] {
			calls++
		}
	}
	if n := len(found.first); n != calls || n < 1000 {
		t.Errorf("%d checks, and %d calls of morestack", n, calls)
	}
	if per := float64(len(found.all)) / float64(len(found.first)); per < 2 || per > 3 {
		t.Errorf("%.2f instructions a check", per)
	}
	if each := found.bytes / len(found.first); each < 15 || each > 60 || found.bytes > found.text/5 {
		t.Errorf("%d bytes a check, %d of %d in all", each, found.bytes, found.text)
	}
}

func TestCheckIn(t *testing.T) {
	for _, test := range []struct {
		name, code   string
		instructions int
		bytes        int
	}{
		{"small", "\x49\x3b\x66\x10\x76\x02\xc3\x90\xe8\x00\x00\x00\x00\xeb\xf1", 2, 6 + 7},
		{"large", "\x4c\x8d\x64\x24\x80\x4d\x3b\x66\x10\x76\x01\xc3\xe8\x00\x00\x00\x00\xeb\xed", 3, 11 + 7},
		{"none", "\x48\x83\xec\x10\xc3", 0, 0},
		{"another word of g", "\x49\x3b\x66\x18\x76\x02\xc3\x90\xe8\x00\x00\x00\x00\xeb\xf1", 0, 0},
		{"no way back", "\x49\x3b\x66\x10\x76\x02\xc3\x90\xe8\x00\x00\x00\x00\xc3\x90", 0, 0},
		{"cut short", "\x49\x3b\x66\x10\x76", 0, 0},
	} {
		c := &checks{first: map[uint64]bool{}, all: map[uint64]bool{}}
		c.in([]byte(test.code), 0x400000)
		if len(c.all) != test.instructions || c.bytes != test.bytes || c.first[0x400000] != (test.instructions > 0) {
			t.Errorf("%s: %d instructions, %d bytes, want %d and %d", test.name, len(c.all), c.bytes, test.instructions, test.bytes)
		}
	}
}

func TestCountChecks(t *testing.T) {
	c := &checks{first: map[uint64]bool{0x10: true}, all: map[uint64]bool{0x10: true, 0x14: true}}
	const profile = "version: 1\npositions: instr line\nevents: Ir Dr Dw I1mr\n\nfn=(1) main\n0x10 5 7 0 0 2\n0x14 5 7\n0x20 6 100 1 1 1\n" +
		"calls=3 0x30 9\n0x24 6 5000 9 9 9\n0x28 7\nfn=(2) other\n0x30 9 3\n\ntotals: 117\n"
	got, err := c.count(strings.NewReader(profile))
	if want := (checkCount{117, 3, 14, 7}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	for _, broken := range []string{"", "events: Ir\n", "events: Ir\n0x10 5 many\n", "events: Ir\n0xwhere 5 1\n"} {
		if got, err := c.count(strings.NewReader(broken)); err == nil {
			t.Errorf("%q gives %+v", broken, got)
		}
	}
}

func FuzzCheckIn(f *testing.F) {
	f.Add([]byte("\x49\x3b\x66\x10\x76\x02\xc3\x90\xe8\x00\x00\x00\x00\xeb\xf1"))
	f.Add([]byte("\x49\x89\xe4\x49\x81\xec\x00\x00\x01\x00\x72\x07\x4d\x3b\x66\x10\x76\x01\xc3\xe8\x00\x00\x00\x00\xeb\xe6"))
	f.Fuzz(func(t *testing.T, code []byte) {
		c := &checks{first: map[uint64]bool{}, all: map[uint64]bool{}}
		c.in(code, 0x400000)
		if len(c.all) > longest || len(c.first) > 1 || (len(c.first) == 0) != (c.bytes == 0) || c.bytes > 2*len(code) {
			t.Errorf("%d instructions, %d checks, %d of %d bytes", len(c.all), len(c.first), c.bytes, len(code))
		}
	})
}

func FuzzCountChecks(f *testing.F) {
	f.Add("events: Ir Dr Dw I1mr\n0x10 5 7 0 0 2\ncalls=3 0x30 9\n0x24 6 5000 9 9 9\n0x14 5 1")
	f.Fuzz(func(t *testing.T, profile string) {
		c := &checks{first: map[uint64]bool{0x10: true}, all: map[uint64]bool{0x10: true, 0x14: true}}
		_, _ = c.count(strings.NewReader(profile))
	})
}
