// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed all:_fault
var faultFiles embed.FS

// faultDir is where faultFiles has what joins packages in fault builds: x.go of _fault/runtime joins as runtime/spade_x.go.
const faultDir = "_fault"

// FaultTools returns the edits of the compiler and the assembler for goroutine stacks without prologue checks.
func FaultTools() (Set, error) { return faultSet("cmd", faultToolEdits(), faultToolWatched()) }

// FaultRuntime returns the edits of package runtime for such stacks. They stand for themselves: a fault build has none of
// those of Runtime, since it neither grows stacks nor learns their sizes.
func FaultRuntime() (Set, error) {
	return faultSet("runtime", faultRuntimeEdits(), faultRuntimeWatched())
}

// All returns the declarations of all sets, to be learned together.
func All() (Set, error) {
	all, err := Runtime()
	for _, other := range []func() (Set, error){FaultRuntime, FaultTools} {
		if err != nil {
			break
		}
		var s Set
		s, err = other()
		all.Watched = append(all.Watched, s.Decls()...)
	}
	return all, err
}

func faultSet(dir string, edits []Edit, watched []Decl) (Set, error) {
	added, err := joinFault(faultFiles, dir)
	if err != nil {
		return Set{}, err
	}
	known, err := ParseHashes(knownText)
	if err != nil {
		return Set{}, err
	}
	s := Set{Edits: edits, Watched: watched, Added: added, Known: known}
	return s, s.Check()
}

// joinFault returns the files below dir of faultDir under the names that they have below GOROOT/src.
func joinFault(from fs.FS, dir string) (tree, error) {
	joined := tree{}
	err := fs.WalkDir(from, path.Join(faultDir, dir), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !joinsBuild(name) {
			return err
		}
		below := strings.TrimPrefix(name, faultDir+"/")
		joined[path.Join(path.Dir(below), "spade_"+path.Base(below))], err = fs.ReadFile(from, name)
		return err
	})
	return joined, err
}

// faultToolEdits takes the check out of functions that can go without, and finds out which can't.
func faultToolEdits() []Edit {
	return []Edit{
		at("cmd/internal/obj/x86/obj6.go", "preprocess", ReplaceCall("stacksplit", "stacksplitUnless($*)")),
		at("cmd/compile/internal/escape/escape.go", "Funcs", Before(Calls("Batch"), "noteCycle(list, recursive)")),
	}
}

// faultToolWatched returns what a function without a check relies on as it is.
func faultToolWatched() []Decl {
	var decls []Decl
	for _, w := range []struct {
		file  string
		names []string
	}{
		{"cmd/internal/obj/x86/obj6.go", []string{"stacksplit", "isZeroArgRuntimeCall"}},
		{"cmd/internal/objabi/pkgspecial.go", []string{"var runtimePkgs", "LookupPkgSpecial"}},
		{"cmd/compile/internal/ir/scc.go", []string{"VisitFuncsBottomUp", "(*bottomUpVisitor).visit"}},
		{"cmd/link/internal/ld/stackcheck.go", []string{"(*stackCheck).computeHeight", "(*Link).doStackCheck"}},
	} {
		decls = append(decls, watch(w.file, w.names...)...)
	}
	return decls
}

// faultRuntimeEdits gives goroutines slots for stacks, and tells a fault in a guard from others.
func faultRuntimeEdits() []Edit {
	return []Edit{
		at("runtime/proc.go", "schedinit", After(Calls("finishDebugVarsSetup"), "spadeInit()")),
		at("runtime/proc.go", "main", After(Calls("gcenable"), "spadeMain()")),

		// Stacks: of goroutines that start, also of those that C code calls into.
		at("runtime/proc.go", "newproc1", ReplaceCall("malg", "stackG()")),
		at("runtime/proc.go", "oneNewExtraM", ReplaceCall("malg", "stackG()")),
		at("runtime/proc.go", "gfget",
			ReplaceExpr("uintptr(startingStackSize)", "stackReusable(gp)"),
			ReplaceCall("stackalloc", "stackNew()")),
		at("runtime/proc.go", "gfput", ReplaceExpr("uintptr(startingStackSize)", "stackReusable(gp)")),
		at("runtime/stack.go", "stackfree", Prologue("if stackDrop(stk) { return }")),
		at("runtime/stack.go", "shrinkstack", Prologue("if stackTrim(gp.stack, gp.sched.sp) { return }")),
		at("runtime/mgc.go", "gcMarkTermination", Before(Calls("pp.mcache.prepareForSweep"), "stackTrimFree(pp)")),
		at("runtime/stack.go", "gcComputeStartingStackSize", Prologue("if slotSpan != 0 { return }")),
		at("runtime/mgcpacer.go", "(*gcControllerState).addScannableStack", Prologue("amount = stackScannable(amount)")),
		at("runtime/mheap.go", "inHeapOrStack", Prologue("if inSlots(b) { return true }")),
		at("runtime/mbitmap.go", "reflect_verifyNotInHeapPtr", Prologue("if inSlots(p) { return false }")),

		// Growth.
		at("runtime/stack.go", "newstack", Before(Assigns("oldsize"), "if inSlots(gp.stack.hi) { guardCheck(gp); gogo(&gp.sched) }")),
		at("runtime/stack.go", "copystack", ReplaceCall("stackalloc", "stackMoveTo(newsize)")),
		at("runtime/signal_unix.go", "sighandler", Before(IfUses("isAbortPC(c.sigpc())"), "if guardSignal(sig, c, gp) { return }")),
		at("runtime/proc.go", "execute", ReplaceExpr("gp.stack.lo + stackGuard", "guardBound(gp)")),
		at("runtime/proc.go", "syscall_runtime_BeforeFork", Prologue("guardProbe()")),

		// Tests: as for Runtime.
		at("testing/internal/testdeps/deps.go", "TestDeps.StartTestLog", After(Calls("log.mu.Unlock"), `log.Getenv("GOSPADE")`)),
	}
}

// faultRuntimeWatched returns what is relied on as it is.
func faultRuntimeWatched() []Decl {
	var decls []Decl
	for _, w := range []struct {
		file  string
		names []string
	}{
		{"runtime/stack.go", []string{"stackalloc", "const stackNosplit", "const stackGuard"}},
		{"runtime/proc.go", []string{
			"gdestroy", "malg", "exitsyscall", "preemptone", "syscall_runtime_AfterForkInChild",
		}},
		{"runtime/preempt.go", []string{"suspendG", "isAsyncSafePoint", "wantAsyncPreempt", "asyncPreempt2"}},
		{"runtime/signal_unix.go", []string{"sigpanic", "sigtrampgo", "adjustSignalStack", "doSigPreempt"}},
		{"runtime/signal_amd64.go", []string{"(*sigctxt).preparePanic"}},
		{"runtime/mgcmark.go", []string{"scanstack", "markrootFreeGStacks"}},
		{"runtime/mstats.go", []string{"readmemstats_m", "(*consistentHeapStats).acquire", "(*consistentHeapStats).release"}},
	} {
		decls = append(decls, watch(w.file, w.names...)...)
	}
	return decls
}
