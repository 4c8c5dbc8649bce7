// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestReadStacks(t *testing.T) {
	const report = `{"stacks":"inplace","growths":178}
{"entry":"main.f","goSite":"/src/main.go","goLine":7,"started":3,"highWaterBytes":500}
{"stack":[12,34],"entry":"main.f"}
{"frames":[1030792151045,8],"entry":"main.g"}
{"frames":[],"entry":"main.h"}
`
	got, err := ReadStacks(strings.NewReader(report))
	want := []Stack{
		{Func: "main.f", PCs: []uint64{12, 34}},
		{Func: "main.g", PCs: []uint64{5, 8}, At: []int64{240, 0}, Frames: []uint64{240<<32 | 5, 8}},
		{Func: "main.h", At: []int64{}, Frames: []uint64{}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestFollowStacks: what goroutines of the corpus had on their stacks is as the table and the graph say; and a frame that lies elsewhere, or a
// call that the graph lacks, is named.
func TestFollowStacks(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the corpus measures itself in assembly for amd64")
	}
	binary, a := binaryAndAnalysis(t, "corpus")
	list := filepath.Join(t.TempDir(), "frames")
	observed(t, binary, list)
	stacks := readFrames(t, a.graph.code, list)
	a.Grown(stacks)
	found, broken, deepest := a.followStacks()
	t.Logf("%+v", *found)
	if len(broken) > 0 || found.Same != found.Frames || found.Frames < 1000 || found.Calls < 1000 || found.Beyond > found.Calls/5 || len(deepest) < 50 {
		t.Fatalf("%+v, deepest %d, %+v", *found, len(deepest), broken)
	}
	deep := a.graph.code.byName["main.deep"][0]
	i := slices.IndexFunc(stacks, func(s Stack) bool {
		frames, _ := a.graph.code.layOut(s)
		return len(frames) > 4 && frames[1].function == deep
	})
	if i < 0 {
		t.Fatal("main.deep is in no stack")
	}
	for _, test := range []struct {
		name   string
		change func() (undo func())
		want   string
	}{
		{"frame", func() func() {
			stacks[i].At[2] += 8
			return func() { stacks[i].At[2] -= 8 }
		}, "bytes of stack when it calls"},
		{"top", func() func() {
			for n := range stacks[i].At[:len(stacks[i].At)-1] {
				stacks[i].At[n] += 16
			}
			return func() {
				for n := range stacks[i].At[:len(stacks[i].At)-1] {
					stacks[i].At[n] -= 16
				}
			}
		}, "bytes of stack above it"},
		{"call", func() func() { return a.cut("main.deep", 0) }, "no call of main.deep by "},
		{"place of a call", func() func() { return a.cut("main.deep", 8) }, "no call of main.deep by "},
	} {
		undo := test.change()
		a.Grown(stacks[i : i+1])
		_, broken, _ := a.followStacks()
		if len(broken) == 0 || !strings.Contains(broken[0].Broken, test.want) || !broken[0].Violation {
			t.Errorf("%s: %+v", test.name, broken)
		}
		undo()
	}
	if _, broken, _ := a.followStacks(); len(broken) > 0 {
		t.Errorf("%+v", broken)
	}
}

// cut takes the calls of a function out of the graph, or moves them up by so many bytes.
func (a *Analysis) cut(name string, bytes int64) (undo func()) {
	nodes := a.graph.nodes
	before := slices.Clone(nodes)
	for id := range nodes {
		var kept []edge
		for _, e := range nodes[id].edges {
			isCut := func(to int32) bool { return a.graph.code.functions[nodes[to].function].Name == name }
			moved := e
			moved.to = slices.DeleteFunc(slices.Clone(e.to), func(to int32) bool { return !isCut(to) })
			moved.height -= bytes
			e.to = slices.DeleteFunc(slices.Clone(e.to), isCut)
			kept = append(kept, e)
			if bytes != 0 {
				kept = append(kept, moved)
			}
		}
		nodes[id].edges = kept
	}
	return func() { copy(nodes, before) }
}

// readFrames makes stacks of what the corpus writes, as the runtime would report them.
func readFrames(t *testing.T, c *code, list string) (stacks []Stack) {
	t.Helper()
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	entry := func(name string) uint64 { return c.functions[c.byName[name][0]].Entry + 1 }
	top := topBytes(c.text.Machine)
	for chain := range strings.SplitSeq(strings.TrimSuffix(string(data), "\n"), "\n\n") {
		s := Stack{PCs: []uint64{entry("main.mark")}, At: []int64{0}}
		for line := range strings.Lines(chain) {
			var pc uint64
			var height int64
			if _, err := fmt.Sscanf(line, "%x %d", &pc, &height); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			s.PCs, s.At = append(s.PCs, pc-c.text.Start), append(s.At, height)
		}
		at := top
		for i := len(s.At) - 1; i > 0; i-- {
			at, s.At[i] = at+s.At[i]+c.text.ReturnAddress, at+8
		}
		s.At[0] = at
		outermost, _ := c.text.Find(s.PCs[len(s.PCs)-1] - 1)
		s.Func = c.functions[outermost].Name
		s.PCs, s.At = append(s.PCs, entry("runtime.goexit")), append(s.At, 0)
		stacks = append(stacks, s)
	}
	return stacks
}
