// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"strings"

	"github.com/spadego/spade/internal/stackpolicy"
)

// Runtime returns the edits that turn a stock package runtime into spade's.
func Runtime() (Set, error) {
	added, err := runtimeAdded()
	if err != nil {
		return Set{}, err
	}
	known, err := ParseHashes(knownText)
	if err != nil {
		return Set{}, err
	}
	s := Set{Edits: runtimeEdits(), Watched: runtimeWatched(), Added: added, Known: known}
	return s, s.Check()
}

// runtimeAdded returns the files that join Go's packages: those in addedDirs, and the stack policy, which is a package
// of its own here so that it can be tested, under package runtime's clause.
func runtimeAdded() (tree, error) {
	added, err := joinAll(addedFiles)
	if err != nil {
		return nil, err
	}
	policy := strings.Replace(stackpolicy.Source, "\npackage stackpolicy\n", "\npackage runtime\n", 1)
	added["runtime/spade_policy.go"] = []byte(policy)
	return added, nil
}

// runtimeEdits returns what becomes of stock declarations. Each inserted line is a call of a function in _runtime,
// whose comment states what it relies on.
func runtimeEdits() []Edit {
	return []Edit{
		// Start: settings before the first goroutine, exit hooks once there may be some.
		at("runtime/proc.go", "schedinit", After(Calls("finishDebugVarsSetup"), "spadeInit()")),
		at("runtime/proc.go", "main", After(Calls("gcenable"), "spadeMain()")),

		// Spawn and exit: dead goroutines keep stacks of several sizes; each kind of goroutine starts on what suits it.
		at("runtime/runtime2.go", "type p", AddFields("stacks stackCache")),
		at("runtime/proc.go", "newproc1",
			ReplaceCall("gfget", "stackGet(pp, fn, callergp, callerpc)"),
			After(Assigns("newg.startpc"), "stackGot(pp, newg)"),
			ReplaceCall("isSystemGoroutine", "kindIsSystem(newg)")),
		at("runtime/proc.go", "gdestroy", ReplaceCall("isSystemGoroutine", "kindIsSystem(gp)")),
		at("runtime/proc.go", "gfput", Before(Assigns("stksize"), "if stackPut(pp, gp) { return }")),
		at("runtime/proc.go", "gfpurge", Prologue("stackPurge(pp)")),
		at("runtime/proc.go", "gcount", Before(IfUses("n"), "n -= stacksCached()")),

		// Growth and shrinking: in place in a slot, into a slot otherwise.
		at("runtime/stack.go", "newstack",
			Before(Assigns("oldsize"), "if slotGrow(gp, stackguard0, morebuf.pc) { gogo(&gp.sched) }"),
			ReplaceStmt(Calls("copystack"), "growthCopy(gp, newsize, morebuf.pc)")),
		at("runtime/stack.go", "shrinkstack", Before(Assigns("oldsize"), "if slotShrink(gp) { return }")),
		at("runtime/stack.go", "copystack", ReplaceCall("stackalloc", "slotStackalloc(gp, newsize)")),
		at("runtime/stack.go", "stackfree", Prologue("if slotStackfree(stk) { return }")),

		// What goroutines do at their deepest: only where highwater=1 asks for it is the guard not where stock has it.
		at("runtime/proc.go", "execute", ReplaceStmt(Assigns("gp.stackguard0"), "gp.stackguard0 = gp.stack.lo + stackArmed")),
		at("runtime/proc.go", "exitsyscall", ReplaceStmt(Nth(2, Assigns("gp.stackguard0")), "gp.stackguard0 = gp.stack.lo + stackArmed")),

		// Memory: the sweeper follows the collector; what is kept for later use counts against the memory limit; cgo's pointer checks
		// and reflect know slots; stock's average start size, which would learn from deep goroutines in slots, gives way to advice by
		// kind.
		at("runtime/stack.go", "freeStackSpans", Prologue("slotSweepAfterGC()")),
		at("runtime/stack.go", "gcComputeStartingStackSize", Prologue("if stackLearns { return }")),
		at("runtime/mgcpacer.go", "(*gcControllerState).memoryLimitHeapGoal", After(Assigns("nonHeapMemory"), "nonHeapMemory += stackKeptFor(c)")),
		at("runtime/mheap.go", "inHeapOrStack", Prologue("if inSlots(b) { return true }")),
		at("runtime/mbitmap.go", "reflect_verifyNotInHeapPtr", Prologue("if inSlots(p) { return false }")),
		at("runtime/mheap.go", "runtime_debug_freeOSMemory", Before(Calls("systemstack"), "slotSweepNow()")),

		// Counts.
		at("runtime/metrics.go", "initMetrics", Before(Assigns("metricsInit"), "spadeMetrics()")),
		at("runtime/metrics.go", "godebug_registerMetric", ReplaceStmt(Calls("initMetrics"), "if !metricsInit { metricLater(name, read); metricsUnlock(); return }")),
		at("runtime/pprof/pprof.go", "lockProfiles", After(Assigns("profiles.m"), `profiles.m["stackgrowth"] = stackGrowthProfile`)),

		// Profile and trace of the start: they give way to the program's own. What of the tracer only those need is linked with them.
		at("runtime/cpuprof.go", "SetCPUProfileRate", Prologue("profileRate(hz)")),
		at("runtime/proc.go", "sigprof",
			ReplaceStmt(Calls("cpuprof.add"), "profileSample(tagPtr, stk[:n])"),
			ReplaceStmt(Calls("traceCPUSample"), "traceSample(gprof, mp, pp, stk[:n])")),
		at("runtime/os_linux.go", "setThreadCPUProfiler", ReplaceCall("timer_create", "timer_create(profileClock, &sevp, &timerid)")),
		at("runtime/trace.go", "StartTrace",
			Rename("earlyStartTrace"),
			ReplaceStmt(Calls("traceInitReadCPU"), "traceMoreFor(traceMoreInit, 0)"),
			ReplaceStmt(Calls("traceSnapshotMemory"), "traceMoreFor(traceMoreSnapshot, firstGen)"),
			ReplaceStmt(Calls("traceStartReadCPU"), "traceMoreFor(traceMoreStart, 0)")),
		at("runtime/trace.go", "traceAdvance",
			ReplaceStmt(Calls("traceReadCPU"), "traceMoreFor(traceMoreRead, gen)"),
			ReplaceStmt(Calls("trace.typeTab[gen%2].dump"), "traceMoreFor(traceMoreTypes, gen)"),
			ReplaceStmt(Calls("traceStopReadCPU"), "traceMoreFor(traceMoreStop, 0)")),

		// Tests: the go command reuses the result of a test that has read the same variables. The runtime reads GOSPADE unseen.
		at("testing/internal/testdeps/deps.go", "TestDeps.StartTestLog", After(Calls("log.mu.Unlock"), `log.Getenv("GOSPADE")`)),
	}
}

// runtimeWatched returns what is relied on as it is.
func runtimeWatched() []Decl {
	var decls []Decl
	for _, w := range []struct {
		file  string
		names []string
	}{
		{"runtime/stack.go", []string{
			"stackalloc", "isShrinkStackSafe", "adjustframe", "syncadjustsudogs", // stacks with any bounds
			"const stackNosplit", "const stackGuard", "const fixedStack",
		}},
		{"runtime/proc.go", []string{
			"goexit0", "gfget", "malg", "allgadd", "newproc", // who owns a dead g, and the 32 spare bytes
			"forEachP", "ready", "(*p).destroy", "procresize", "entersyscallblock", "(*gList).push", "(*gList).pop",
			"(*gQueue).pushBack", "type gList", "type gQueue",
			"doInit", "doInit1", "type initTask", "setcpuprofilerate",
		}},
		{"runtime/traceback.go", []string{"isSystemGoroutine", "tracebackPCs"}},
		{"runtime/preempt.go", []string{"suspendG", "isAsyncSafePoint", "wantAsyncPreempt"}},
		{"runtime/mgcmark.go", []string{"scanstack", "markrootFreeGStacks"}},
		{"runtime/mgcpacer.go", []string{"(*gcControllerState).addScannableStack", "(*gcControllerState).revise"}},
		{"runtime/metrics.go", []string{"readMetrics", "readMetricNames", "readMetricsLocked", "type metricSample", "type metricValue", "metricReader.compute"}},
		{"runtime/mstats.go", []string{"readmemstats_m", "(*consistentHeapStats).acquire", "(*consistentHeapStats).release"}},
		{"runtime/tracestack.go", []string{"fpTracebackPCs"}}, // frame pointers
		{"runtime/malloc.go", []string{"persistentalloc", "persistentalloc1"}},
		{"runtime/pprof/pprof.go", []string{"printStackRecord", "pprof_fpunwindExpand"}},
		{"runtime/pprof/proto.go", []string{
			"type profileBuilder", "newProfileBuilder", "(*profileBuilder).build", "(*profileBuilder).pbSample", "(*profileBuilder).pbLabel",
			"(*profileBuilder).pbValueType", "(*profileBuilder).appendLocsForStack", "allFrames",
		}},
		{"runtime/metrics/description.go", []string{"type Description", "init", "All"}},
		{"net/http/pprof/pprof.go", []string{"var profileSupportsDelta", "var profileDescriptions"}},
		{"internal/runtime/exithook/hooks.go", []string{"Run", "Add"}},
		{"runtime/print.go", []string{"gwrite"}},
		{"runtime/coro.go", []string{"newcoro", "coroswitch_m"}},
		{"runtime/cgocall.go", []string{"cgoCheckUnknownPointer"}},
		{"runtime/cpuprof.go", []string{"(*cpuProfile).add"}},
		{"runtime/os_linux.go", []string{"validSIGPROF"}},
		{"runtime/symtabinl.go", []string{"newInlineUnwinder", "(*inlineUnwinder).fileLine"}},
		{"runtime/trace.go", []string{"ReadTrace", "readTrace0", "StopTrace"}},
	} {
		decls = append(decls, watch(w.file, w.names...)...)
	}
	return decls
}
