// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"slices"
	"strings"
)

// What functions of package runtime do with stacks is written down here, by their names. A name that a Go release drops does no harm;
// a function that it adds and that should be here is most likely found as one that gives the stack pointer a new value.

// asksForStack reports whether a prologue calls the function for more stack. It runs on the thread's own stack.
func asksForStack(name string) bool {
	return slices.Contains([]string{"runtime.morestack", "runtime.morestack_noctxt", "runtime.morestackc"}, name)
}

// leavesStack reports whether what the function calls runs on another stack than the goroutine's: the thread's own, the one for
// signals, or that of another goroutine.
func leavesStack(name string) bool {
	return asksForStack(name) || slices.Contains([]string{
		"gogo", "runtime.gogo", "runtime.mcall", "runtime.systemstack", "runtime.asmcgocall", "runtime.mstart", "runtime.rt0_go",
		"runtime.switchToCrashStack0", "runtime.clone",
		"runtime.nanotime1", "runtime.walltime", "runtime.vgetrandom1", "time.now", // call the kernel's code on the thread's own stack
		"runtime.callCgoMmap", "runtime.callCgoMunmap", "runtime.callCgoSigaction", // likewise, code of C
		"runtime.sigtramp", "runtime.cgoSigtramp", "runtime.sigfwd",
	}, name)
}

// dies reports whether the function ends the process, or is called only before one that does: what the stack needs from there on is
// not counted.
func dies(name string) bool {
	return slices.Contains([]string{
		"runtime.tracebackHexdump",
		"runtime.throw", "runtime.fatal", "runtime.fatalthrow", "runtime.fatalpanic", "runtime.preprintpanics", "runtime.printpanics",
		"runtime.printpanicval", "runtime.abort", "runtime.exit", "runtime.badsystemstack",
	}, name)
}

// panics reports whether the function is a part of how a panic starts.
func panics(name string) bool {
	return name == gopanic || name == sigpanic || strings.HasPrefix(name, "runtime.panic") || strings.HasPrefix(name, "runtime.goPanic")
}

const (
	gopanic      = "runtime.gopanic"
	sigpanic     = "runtime.sigpanic" // what the signal handler makes a faulting instruction call
	goexit       = "runtime.Goexit"
	deferreturn  = "runtime.deferreturn"
	gorecover    = "runtime.gorecover"
	asyncPreempt = "runtime.asyncPreempt"
	newproc      = "runtime.newproc"
)

// debugs reports whether the call is one by which the runtime prints something about itself, which it does when it dies, or when a
// setting in GODEBUG asks for it, such as gctrace; or one that counts the use of the setting panicnil.
func debugs(from, to string) bool {
	return inRuntime(from) && (prints(to) && !prints(from) || to == "runtime.dumpScanStats") ||
		from == gopanic && to == "runtime.(*godebugInc).IncNonDefault"
}

func prints(name string) bool {
	return strings.HasPrefix(name, "runtime.print") || name == "runtime.gwrite"
}

// touchesMemory reports whether the function of package runtime is one in which a fault is a panic of the program's: one that the
// compiler calls with the program's own pointers. A fault in another one is an error of the runtime's, which ends the process.
func touchesMemory(name string) bool {
	return slices.ContainsFunc([]string{
		"mem", "str", "typedmem", "typedslice", "bulkBarrier", "wbZero", "wbMove", "duff", "cmpstring", "ifaceeq", "efaceeq", "interhash", "nilinterhash",
		"typehash", "slicebyte", "concat", "convT", "gostring", "deferreturn", "gopanic",
	}, func(prefix string) bool { return strings.HasPrefix(name, "runtime."+prefix) })
}

// checksBounds reports whether the function starts a panic that is a fatal error when it comes from package runtime.
func checksBounds(name string) bool {
	return strings.HasPrefix(name, "runtime.goPanic") || strings.HasPrefix(name, "runtime.panicBounds") ||
		strings.HasPrefix(name, "runtime.panicIndex") || strings.HasPrefix(name, "runtime.panicSlice") || name == "runtime.panicshift" || name == "runtime.panicdivide"
}

const (
	storeProfile    = "runtime.(*mLockProfile).storeSlow"
	startCollection = "runtime.gcStart"
)

// enters returns the mode that what the function calls is in, beside the function's own: these functions say in their comments, or by
// a flag that they set, what they keep from happening further down.
func enters(name string) mode {
	switch name {
	case "runtime.acquireSudog", "runtime.releaseSudog", "runtime.popDefer", "runtime.startm", "runtime.newm", "runtime.allocm",
		"runtime.gcMarkTermination":
		return locked
	case storeProfile:
		return profiling
	case startCollection:
		return collecting
	}
	return calm
}

// collects reports whether the function returns at once if the goroutine holds on to its thread.
func collects(name string) bool { return name == startCollection || name == "runtime.gcAssistAlloc" }

// runsDeferred reports whether the function's indirect calls are those of deferred functions, which are counted where they are
// deferred.
func runsDeferred(name string) bool {
	return name == gopanic || name == goexit || name == deferreturn
}

// inRuntime reports whether the function belongs to package runtime itself.
func inRuntime(name string) bool {
	return strings.HasPrefix(name, "runtime.") || !strings.Contains(name, ".") // some of its assembly has names without a package
}

// compares and hashes report whether the function compares, or hashes, values of a type for the runtime.
func compares(name string) bool {
	return strings.HasPrefix(name, "type:.eq.") || inRuntime(name) && (strings.HasSuffix(name, "equal") || strings.HasPrefix(name, "runtime.memequal"))
}

func hashes(name string) bool {
	return strings.HasPrefix(name, "type:.hash.") || inRuntime(name) && name != "runtime.typehash" && (strings.HasSuffix(name, "hash") || strings.HasPrefix(name, "runtime.memhash") || strings.HasPrefix(name, "runtime.strhash"))
}

// rulesOut reports whether one function never calls the other, though its type would do: some functions on maps are for keys of one kind.
func rulesOut(from, to string) bool {
	hashed := func(kind, by string) bool {
		return strings.Contains(from, kind) && hashes(to) && !strings.HasPrefix(to, by)
	}
	return hashed("_fast32", "runtime.memhash32") || hashed("_fast64", "runtime.memhash64") || hashed("_faststr", "runtime.strhash")
}

// rulesOutSome reports whether there may be functions that rulesOut says the function never calls.
func rulesOutSome(from string) bool {
	return strings.Contains(from, "_fast")
}

// initializes reports whether the function is one of those that run before main: those of packages, and those named init.
func initializes(name string) bool {
	_, rest, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ".")
	digits, numbered := strings.CutPrefix(rest, "init.")
	return rest == "init" || numbered && strings.Trim(digits, "0123456789") == ""
}

// isRangeBody reports whether the function is the body of a loop over a function. What it defers runs when the function around it ends.
func isRangeBody(name string) bool {
	at := strings.LastIndex(name, "-range")
	return at >= 0 && strings.Trim(name[at+len("-range"):], "0123456789") == ""
}

// isLiteral reports whether the name is one that the compiler gives to function literals, and to bodies of loops over functions.
func isLiteral(name string) bool {
	last := methodName(name)
	digits, _ := strings.CutPrefix(last, "func")
	return last != "func" && strings.Trim(digits, "0123456789") == "" || isRangeBody(name)
}

// system reports whether a goroutine that starts with the function is the runtime's own.
func system(name string) bool {
	return inRuntime(name) && name != "runtime.main" && name != "runtime.corostart"
}

// methodName returns the method's or function's own name: the last part, without what the compiler adds.
func methodName(name string) string {
	name = strings.TrimSuffix(name, "-fm")
	if at := strings.LastIndexByte(name, ']'); at >= 0 {
		name = name[at+1:]
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// plainName returns the name without what is in brackets: the arguments of types.
func plainName(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
