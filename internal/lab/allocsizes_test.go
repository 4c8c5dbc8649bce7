// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"go/types"
	"os"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/spadego/spade/internal/pclntab"
)

// TestAllocSizes adds up, for each function of a package, the sizes of the variables that its SSA form allocates on the stack, and sets
// the sum beside the frame that the function has in this test's program. The sum counts neither spills nor the arguments of calls nor
// what inlining brings in, and counts variables that live in registers.
func TestAllocSizes(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("skipped: loads a package with its types, and reads its code from an ELF program")
	}
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	frames, err := pclntab.FrameSizes(self)
	if err != nil {
		t.Fatal(err)
	}
	const pkg = "encoding/json"
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, pkg)
	if err != nil || len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		t.Fatalf("loading %s: %v", pkg, err)
	}
	program, _ := ssautil.Packages(loaded, ssa.NaiveForm)
	program.Build()
	sizes := types.SizesFor("gc", runtime.GOARCH)
	var ratios []float64
	near := 0
	for f := range ssautil.AllFunctions(program) {
		frame := frames[linkName(f)]
		if f.Pkg == nil || f.Pkg.Pkg.Path() != pkg || frame == 0 {
			continue
		}
		sum := int64(0)
		for _, local := range f.Locals {
			sum += sizes.Sizeof(local.Type().Underlying().(*types.Pointer).Elem())
		}
		ratio := float64(sum) / float64(frame)
		if ratios = append(ratios, ratio); 0.75 <= ratio && ratio <= 1/0.75 {
			near++
		}
	}
	if len(ratios) < 100 {
		t.Fatalf("only %d functions have a frame and an SSA form", len(ratios))
	}
	slices.Sort(ratios)
	t.Attr("functions", fmt.Sprint(len(ratios)))
	t.Attr("predicted-share", fmt.Sprintf("%.3f", float64(near)/float64(len(ratios))))
	t.Attr("median-ratio", fmt.Sprintf("%.3f", ratios[len(ratios)/2]))
}

// linkName returns the name that the compiler gives a function or a method, or "".
func linkName(f *ssa.Function) string {
	receiver := f.Signature.Recv()
	switch {
	case f.Pkg == nil || f.Parent() != nil || f.Object() == nil:
		return ""
	case receiver == nil:
		return f.Pkg.Pkg.Path() + "." + f.Name()
	}
	named := func(t types.Type) string {
		if n, ok := t.(*types.Named); ok {
			return n.Obj().Name()
		}
		return ""
	}
	if p, ok := receiver.Type().(*types.Pointer); ok {
		return fmt.Sprintf("%s.(*%s).%s", f.Pkg.Pkg.Path(), named(p.Elem()), f.Name())
	}
	return fmt.Sprintf("%s.%s.%s", f.Pkg.Pkg.Path(), named(receiver.Type()), f.Name())
}
