// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/spadego/spade/internal/finding"
)

// EmitFrames hands h, for every function that one function of the source has become, its frame and what the source lets expect: the sizes
// of what its SSA form allocates, added up.
func (a *Analysis) EmitFrames(version, goVersion string, h finding.Handler) error {
	a.program.Go = goVersion
	messages := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "frames", Spade: version}},
		{Program: &a.program},
	}
	s := a.graph.resolver.source
	for i := range a.graph.code.functions {
		f := &a.graph.code.functions[i]
		if !isFromSource(f) || isWritten(f.Name) || f.unsettled != "" {
			continue
		}
		if one := onlyFunction(s.functions[f.start()]); one != nil {
			messages = append(messages, finding.Message{FrameSize: &finding.FrameSize{
				Func: f.Name, At: sites(f.start())[0], Bytes: f.frame, Estimate: estimate(one, s.sizes),
			}})
		}
	}
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	return h.Flush()
}

// onlyFunction returns the one function among some that is no instance of a generic one; nil if there are more or none.
func onlyFunction(some []*ssa.Function) *ssa.Function {
	if len(some) != 1 || some[0].Origin() != nil || isPattern(some[0]) || some[0].Blocks == nil {
		return nil
	}
	return some[0]
}

// estimate adds up the sizes of what f allocates, on the stack or not: the SSA form does not know.
func estimate(f *ssa.Function, sizes types.Sizes) int64 {
	sum := int64(0)
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if alloc, ok := i.(*ssa.Alloc); ok {
				sum += sizes.Sizeof(alloc.Type().Underlying().(*types.Pointer).Elem())
			}
		}
	}
	return sum
}
