// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A class is the open calls that may reach the same functions: those of function values of one signature, or of methods of one name and
// signature. All of its calls give what they give to all of its functions. So values flow by way of nodes of the class: between each call
// and each function there would be too many ways in a large program.
type class struct {
	method    string // or "" for function values
	signature *types.Signature
	sites     []*site
	functions []*ssa.Function
	looked    int // how many of the functions that may belong to the class were looked at

	receiver int   // nodes; nobody for what is not followed
	args     []int // likewise
	results  []int // likewise
	linked   bool  // there is a function with a body
	wanted   bool  // there is a call with results
	outside  bool  // there is a function without a body

	ids map[bool][]int // what resolver.targets returns for its calls, once asked for
}

// classOf returns the class of a call.
func (o *flows) classOf(common *ssa.CallCommon) *class {
	signature := withoutReceiver(common.Signature())
	of, method := &o.valueClasses, ""
	if common.IsInvoke() {
		method = common.Method.Name()
		if of = o.methodClasses[method]; of == nil {
			of = &typeutil.Map{}
			o.methodClasses[method] = of
		}
	}
	c, known := of.At(signature).(*class)
	if !known {
		c = &class{method: method, signature: signature, receiver: nobody, args: o.nodesFor(signature.Params()), results: o.nodesFor(signature.Results())}
		if method != "" {
			c.receiver = o.add()
		}
		of.Set(signature, c)
		o.classes = append(o.classes, c)
	}
	return c
}

// nodesFor makes nodes for those of some variables that are followed.
func (o *flows) nodesFor(variables *types.Tuple) []int {
	nodes := make([]int, variables.Len())
	for i := range nodes {
		nodes[i] = nobody
		if follows(variables.At(i).Type()) {
			nodes[i] = o.add()
		}
	}
	return nodes
}

// openSite is for a call whose function is open: it may call whatever has the right type. A function that package reflect has made, or a plugin has
// brought, may return anything.
func (o *flows) openSite(s *site) {
	s.open = true
	common := s.instruction.Common()
	if value := s.instruction.Value(); value != nil && o.makes && !common.IsInvoke() {
		o.markResults(value, common.Signature())
	}
	if o.makes && !common.IsInvoke() {
		o.boxArguments(common)
	}
	c := o.classOf(common)
	s.dynamic.class = c
	c.sites = append(c.sites, s)
	if c.outside {
		o.outside(s.instruction)
	}
	if c.linked {
		o.linkSite(c, s)
	}
	o.openClass(c)
}

// openClasses adds to the classes with calls the functions that are new.
func (o *flows) openClasses() {
	for i := 0; i < len(o.classes); i++ {
		o.openClass(o.classes[i])
	}
}

func (o *flows) openClass(c *class) {
	for ; ; c.looked++ {
		some := o.methods[c.method]
		if c.method == "" {
			some = o.valuesOf(c.signature)
		}
		if c.looked >= len(some) {
			return
		}
		if f := some[c.looked]; c.method == "" || types.Identical(withoutReceiver(f.Signature), c.signature) {
			o.addToClass(c, f)
		}
	}
}

// valuesOf returns the functions of a signature that are used as values.
func (o *flows) valuesOf(signature *types.Signature) []*ssa.Function {
	if list, ok := o.values.At(signature).(*[]*ssa.Function); ok {
		return *list
	}
	return nil
}

func (o *flows) addToClass(c *class, f *ssa.Function) {
	c.functions = append(c.functions, f)
	o.read(f)
	if f.Blocks == nil {
		c.outside = true
		for _, s := range c.sites {
			o.outside(s.instruction)
		}
		return
	}
	if !c.linked {
		c.linked = true
		for _, s := range c.sites {
			o.linkSite(c, s)
		}
	}
	params := f.Params
	if c.method != "" && len(params) > 0 {
		if follows(params[0].Type()) {
			o.flow(c.receiver, o.id(params[0]), false)
		}
		params = params[1:]
	}
	for n := range min(len(c.args), len(params)) {
		if c.args[n] != nobody {
			o.flow(c.args[n], o.id(params[n]), isPointer(params[n].Type()))
		}
	}
	if c.wanted {
		o.linkResults(c, f)
	}
}

// linkSite lets flow what a call gives and gets.
func (o *flows) linkSite(c *class, s *site) {
	common := s.instruction.Common()
	if c.method != "" {
		o.put(c.receiver, common.Value)
	}
	for n, arg := range common.Args {
		if n < len(c.args) && c.args[n] != nobody {
			o.put(c.args[n], arg)
		}
	}
	value := s.instruction.Value()
	if value == nil {
		return
	}
	if !c.wanted {
		c.wanted = true
		for _, f := range c.functions {
			if f.Blocks != nil {
				o.linkResults(c, f)
			}
		}
	}
	results := common.Signature().Results()
	for n, node := range c.results {
		if node != nobody {
			o.flow(node, o.result(value, results, n), isPointer(results.At(n).Type()))
		}
	}
}

func (o *flows) linkResults(c *class, f *ssa.Function) {
	for n, node := range c.results {
		if node != nobody {
			o.flow(o.resultNode(f, n), node, isPointer(f.Signature.Results().At(n).Type()))
		}
	}
}

// shareTargets gives the calls of a class its functions.
func (o *flows) shareTargets() {
	for _, c := range o.classes {
		c.functions = slices.Clip(c.functions)
		in := map[*ssa.Function]bool{}
		for _, f := range c.functions {
			in[f] = true
		}
		for _, s := range c.sites {
			others := slices.DeleteFunc(s.targets, func(f *ssa.Function) bool { return in[f] })
			s.targets = c.functions
			if len(others) > 0 {
				s.targets, s.dynamic.class = slices.Concat(c.functions, others), nil
			}
		}
	}
	for _, s := range o.sites {
		if s.dynamic != nil {
			s.dynamic.seen = nothing
			s.dynamic.reached.Clear()
		}
	}
}
