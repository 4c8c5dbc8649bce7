// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/container/intsets"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// A Source says where the program's source is: what the binary was built from.
type Source struct {
	Dir     string // where the go command runs
	Env     []string
	Flags   []string          // for the go command, such as -tags=x
	Overlay map[string][]byte // contents of files that replace or join those on disk, by absolute path
	Main    string            // the main package, as the go command knows it
	Trimmed bool              // the binary was built with -trimpath
	Test    bool              // the binary is that of Main's tests
	Record  bool              // the analysis is to be recorded, for one after an edit

	Progress func(doing string) // is told what is done next, and at the end ""; may be nil

	listed []*packages.Package // once they were listed
}

func (s *Source) say(format string, args ...any) {
	if s.Progress != nil {
		s.Progress(fmt.Sprintf(format, args...))
	}
}

// A source is what the program's source says of calls whose target is not in the instruction.
type source struct {
	*placer
	path      string // import path of the main package
	calls     map[place][]*site
	gos       map[place][]*site
	defers    map[*ssa.Function][]*site
	functions map[place][]*ssa.Function  // by the line that they start in
	wrappers  map[string][]*ssa.Function // those without source, by name
	inside    map[*ssa.Function][]*site  // the calls in wrappers
	declared  positions                  // calls that name the function, by the place of the parenthesis; nil once it was looked at
	sites     map[ssa.CallInstruction]*site
	callers   map[*ssa.Function][]*site // by what is called
	typed     map[place]*typedLine
	flows     *flows
	sizes     types.Sizes
	sized     bool // calls depend on the size of a type that is declared
	asserted  []*assertion
	own       map[string]bool  // files of the main module
	facts     map[string]facts // of packages that may be edited, by ID; if the analysis is recorded
	debugged  bool             // the environment asks for debugging
}

// A site is a call, a go statement or a defer statement in one instance of a function.
type site struct {
	instruction ssa.CallInstruction
	targets     []*ssa.Function
	dynamic     *dynamic // nil for a call that names a function
	repeated    bool     // in a loop
	open        bool     // the value that is called may come from package unsafe or from reflection: targets go by its type alone
}

// A dynamic is what is known of the targets of a call of a value.
type dynamic struct {
	seen    content        // what of its node was looked at
	reached intsets.Sparse // numbers of the targets
	class   *class         // if it is open
}

// readSource loads the program that a binary was built from and everything that it imports, and resolves its calls.
func readSource(from Source, binary func() (*code, error)) (*source, error) {
	initial := from.listed
	if initial == nil {
		var err error
		if initial, err = listPackages(from); err != nil {
			return nil, err
		}
	}
	path, err := mainPath(initial, from)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	load := loader{files: files, program: ssa.NewProgram(files, ssa.InstantiateGenerics), overlay: from.Overlay, test: from.Test}
	places := newPlacer(files, initial, from.Trimmed)
	s := &source{
		placer: places, path: path, calls: map[place][]*site{}, gos: map[place][]*site{},
		defers: map[*ssa.Function][]*site{}, functions: map[place][]*ssa.Function{}, wrappers: map[string][]*ssa.Function{},
		inside: map[*ssa.Function][]*site{}, sites: map[ssa.CallInstruction]*site{}, typed: map[place]*typedLine{},
		sizes: initial[0].TypesSizes, own: ownFiles(initial), debugged: isAsked(from.Env),
	}
	linked, asserted := newLinkage(load.program, places), newAssertionReader(load.program, places, from.Overlay)
	if from.Record {
		load.facts = map[string]facts{}
		s.facts = load.facts
	}
	o := newFlows(load.program, s.addFunction, s.sites)
	if err := load.load(initial, func(p *packages.Package) {
		s.findDeclared(p)
		s.findTyped(p)
		linked.read(p)
		asserted.readPackage(p)
		o.readPackage(load.program.Package(p.Types))
	}); err != nil {
		return nil, err
	}
	from.say("following values through the source")
	c, err := binary()
	if err != nil {
		return nil, err
	}
	linked.code = c
	if s.asserted, err = asserted.found(); err != nil {
		return nil, err
	}
	o.link(linked)
	o.readMethods()
	for _, same := range linked.variables {
		for _, v := range same {
			o.assign(v, same[0])
		}
	}
	for _, at := range c.calledByAssembly() {
		for _, f := range s.functions[at] {
			o.openParameters(f)
		}
	}
	o.run(c.reflection())
	s.flows, s.declared = o, nil
	return s, nil
}

// addFunction records where f starts, or which method it wraps.
func (s *source) addFunction(f *ssa.Function) {
	s.addSites(f)
	syntax := f.Syntax()
	if syntax == nil {
		s.wrappers[f.Name()] = append(s.wrappers[f.Name()], f)
		return
	}
	first, second := s.place(syntax.Pos()), s.place(f.Pos())
	s.functions[first] = append(s.functions[first], f)
	if second != first {
		s.functions[second] = append(s.functions[second], f)
	}
}

// isPattern reports whether f is a generic function, or a function literal in one: not itself in the program, only its instances.
func isPattern(f *ssa.Function) bool {
	for f.Parent() != nil {
		f = f.Parent()
	}
	return len(f.TypeArgs()) == 0 && (f.TypeParams().Len() > 0 || f.Signature.RecvTypeParams().Len() > 0)
}

// positions is a set of places in the source.
type positions []uint64

func (p *positions) add(at token.Pos) {
	if word := int(at) / 64; word >= len(*p) {
		*p = append(*p, make(positions, word+1-len(*p))...)
	}
	(*p)[at/64] |= 1 << (at % 64)
}

func (p positions) has(at token.Pos) bool {
	return int(at)/64 < len(p) && p[at/64]&(1<<(at%64)) != 0
}

// findDeclared finds the calls, by the place of their opening parenthesis, that name the function or the method of a type that is
// no interface. The compiler calls those directly, except in instances of generic functions.
func (s *source) findDeclared(p *packages.Package) {
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && namesFunction(p.TypesInfo, call.Fun) {
				s.declared.add(call.Lparen)
			}
			return true
		})
	}
}

func namesFunction(info *types.Info, called ast.Expr) bool {
	switch called := ast.Unparen(called).(type) {
	case *ast.IndexExpr:
		return namesFunction(info, called.X)
	case *ast.IndexListExpr:
		return namesFunction(info, called.X)
	case *ast.Ident:
		_, ok := info.Uses[called].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		if selection := info.Selections[called]; selection != nil {
			return selection.Kind() == types.MethodVal && !types.IsInterface(selection.Recv())
		}
		_, ok := info.Uses[called.Sel].(*types.Func)
		return ok
	}
	return false
}

// addSites records the calls in f that the compiler may leave to be decided when the program runs: those of interfaces' methods and of
// function values, and in an instance of a generic function every call, since the compiler makes one function of several instances.
func (s *source) addSites(f *ssa.Function) {
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			instruction, ok := i.(ssa.CallInstruction)
			if !ok {
				continue
			}
			at := s.sites[instruction]
			if at == nil {
				continue // of a builtin function
			}
			switch instruction := instruction.(type) {
			case *ssa.Go:
				s.add(s.gos, at)
			case *ssa.Defer:
				at.repeated = instruction.DeferStack != nil || inLoop(block)
				owner := deferringFunction(f, instruction)
				s.defers[owner] = append(s.defers[owner], at)
				if _, builtin := instruction.Call.Value.(*ssa.Builtin); builtin {
					continue
				}
			}
			if f.Origin() == nil && f.Syntax() != nil && s.declared.has(instruction.Common().Pos()) && instruction.Common().StaticCallee() != nil {
				continue
			}
			if f.Syntax() == nil {
				s.inside[f] = append(s.inside[f], at)
			} else {
				s.add(s.calls, at)
			}
		}
	}
}

// add records at under the lines that the compiler may give its instructions.
func (s *source) add(to map[place][]*site, at *site) {
	for _, line := range s.linesOf(at.instruction) {
		to[line] = append(to[line], at)
	}
}

// linesOf returns the lines that the compiler may give a call's instructions.
func (p *placer) linesOf(i ssa.CallInstruction) []place {
	lines := []place{p.place(i.Pos()), p.place(i.Common().Pos())}
	if loop := loopOver(i); loop != nil {
		lines = append(lines, p.place(loop.For), p.place(loop.Range), p.place(loop.X.Pos()))
	}
	var all []place
	for _, line := range lines {
		if !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return all
}

// loopOver returns the loop over a function whose call by that loop i is, or nil. Such a call has no place of its own in the SSA form.
func loopOver(i ssa.CallInstruction) *ast.RangeStmt {
	if i.Common().Pos().IsValid() || len(i.Common().Args) != 1 {
		return nil
	}
	body, ok := i.Common().Args[0].(*ssa.MakeClosure)
	if !ok {
		return nil
	}
	loop, _ := body.Fn.(*ssa.Function).Syntax().(*ast.RangeStmt)
	return loop
}

// deferringFunction is the function whose end runs the deferred call: the body of a loop over a function defers for the function
// around it.
func deferringFunction(f *ssa.Function, d *ssa.Defer) *ssa.Function {
	if d.DeferStack == nil {
		return f
	}
	for f.Parent() != nil && f.Synthetic != "" {
		f = f.Parent()
	}
	return f
}

// inLoop reports whether control can come back to b.
func inLoop(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	next := append([]*ssa.BasicBlock(nil), b.Succs...)
	for len(next) > 0 {
		last := next[len(next)-1]
		next = next[:len(next)-1]
		if last == b {
			return true
		}
		if !seen[last] {
			seen[last] = true
			next = append(next, last.Succs...)
		}
	}
	return false
}

// comparing and hashing are the signatures of the functions by which the runtime compares and hashes values of a type: the compiler
// writes them, so that no source shows where their values come from.
var (
	comparing = signature([]types.BasicKind{types.UnsafePointer, types.UnsafePointer}, types.Bool)
	hashing   = signature([]types.BasicKind{types.UnsafePointer, types.Uintptr}, types.Uintptr)
)

func signature(params []types.BasicKind, result types.BasicKind) *types.Signature {
	var in []*types.Var
	for _, kind := range params {
		in = append(in, types.NewParam(token.NoPos, nil, "", types.Typ[kind]))
	}
	out := types.NewTuple(types.NewParam(token.NoPos, nil, "", types.Typ[result]))
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(in...), out, false)
}
