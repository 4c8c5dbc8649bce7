// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package slots

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutations take answers to the traps of stacks in slots out of the runtime, one at a time. Each names the test that must fail then.
var mutations = []struct {
	trap     string
	files    string // below internal/edit, separated by spaces
	old, new string // old occurs once in each
	test     string
}{
	{"the pacer does not hear of growth", "_runtime/slot.go",
		"gcController.addScannableStack(pp, int64(newsize-oldsize))\n\tslotAccount(pp, int64(newsize-oldsize))\n\tstackCount",
		"slotAccount(pp, int64(newsize-oldsize))\n\tstackCount", "TestScannableStack"},
	{"the pacer does not hear of shrinking", "_runtime/slot.go", "gcController.addScannableStack(pp, -int64(oldsize-newsize))", "", "TestScannableStack"},
	{"memory that is ready is not counted", "_runtime/slotaccount.go", "gcController.mappedReady.Add(n)", "", "TestMemStatsAgree"},
	{"free slots stay stack memory", "_runtime/slotcache.go", "slotAccount(pp, -int64(size))", "_ = size", "TestStackInuse"},
	{"a mapping for every chunk", "_runtime/slotmem_linux.go", "a.opened = n\n", "a.opened = n\n\tmprotect(unsafe.Pointer(from), slotPage, _PROT_READ|_PROT_WRITE|4)\n", "TestMappings"},
	{"limits of address space are not looked at", "_runtime/slotmem_linux.go", "return slotLimited(slotLimitAS) || ", "return ", "TestMemoryRefused"},
	{"limits of data are not looked at", "_runtime/slotmem_linux.go", "slotLimitData = 2 ", "slotLimitData = 1 ", "TestMemoryRefused"},
	{"strict overcommit is not looked at", "_runtime/slotmem_linux.go", " || slotOvercommitOff()", "", "TestOvercommit"},
	{"locked memory is not noticed", "_runtime/slotmem_linux.go", "slotAnswer.resident&1 != 0", "slotAnswer.resident&1 == 2", "TestMemoryRefused"},
	{"huge pages are allowed", "_runtime/slotmem_linux.go", "madvise(v, size, _MADV_NOHUGEPAGE)", "", "TestHugePages"},
	{"slots under the race detector", "_runtime/start.go", "raceenabled || ", "", "TestRaceDetector"},
	{"slots under efence", "_runtime/start.go", "debug.efence != 0", "debug.efence < 0", "TestElectricFence"},
	{"cgo's checks don't know slots", "runtime.go", "if inSlots(b) { return true }", "if inSlots(b) { return false }", "TestCgoPointerChecks"},
	{"secrets below a raised bound", "_runtime/slot.go", "gp.secret > 0", "gp.secret > 1<<30", "TestSecrets"},
	{"debug.SetMaxStack below a slot's size", "_runtime/slot.go", "newsize > maxstacksize || ", "", "TestStackOverflow"},
	{"no colours", "_runtime/slot.go", "top - slotHeadSz - i%slotColors*slotColour", "top - slotHeadSz - i%slotColors*0", "TestColours"},
	{"caches of idle Ps are kept", "_runtime/slotsweep.go", "slotSweepCaches(false)", "", "TestIdleGivesBack"},
	{"the sweeper waits for Ps that wait for its own", "_runtime/slotsweep.go", "slotSweepCaches(false)", "slotSweepBusy()", "TestSpinning"},
	{"the pool is kept", "_runtime/slotsweep.go", "pool.old, pool.young = pool.young, gList{}", "list = gList{}", "TestIdleGivesBack"},
	{"the sweeper never parks", "_runtime/slotsweep.go", "more = slotSweep(slotSweepTight())", "slotSweep(slotSweepTight())", "TestDeadlockFound"},
	{"kept bytes have no bound", "_runtime/slotkeep.go", "kept < stackKeptMax && kept < ", "0*kept < ", "TestKeptBytes"},
	{"stacks below the bound are kept", "_runtime/slotsweep.go", "if slotSweepLive(all) {", "if false {", "TestKindTurnsShallow"},
	{"growth in place stops short", "_runtime/slot.go", "room := slotClassSize[hdr.class]", "room := hi - gp.stack.lo", "TestCounts"},
	{"nothing is learned from growth", "_runtime/kind.go", "to := kindSizeIndex(newsize)\n\tif w&kindObserved == 0 {", "to := kindSizeIndex(newsize)\n\tif true {", "TestCounts"},
	{"growth in place is not recorded", "_runtime/slot.go", "growthRecord(gp, start, callerpc, growthInPlace, oldsize)", "", "TestProfileExact"},
	{"the calls above the caller are not recorded", "_runtime/growth.go", "if framepointer_enabled && ", "if false && ", "TestProfileStacks"},
	{"a sample does not count for all", "_runtime/growth.go", "rate := int64(growthRate)", "rate := int64(1)", "TestProfileSampled"},
	{"a full table of calls forgets growths", "_runtime/growth.go", "growthMax   = 32 << 20", "growthMax   = 1 << 10", "TestProfileStacks"},
	{"a stack that moves is not looked at", "_runtime/slot.go", "\tif stackNotes {\n\t\tnoteStack(gp, noteStarted, 0)\n\t}\n\ts := ", "\ts := ", "TestHighWater"},
	{"new stacks are not painted", "_runtime/slot.go", "stackPaint(s.lo, s.hi)", "", "TestHighWater"},
	{"what grows in place is not painted", "_runtime/slot.go", "stackPaint(lo, gp.stack.lo)", "", "TestHighWater"},
	{"who is scheduled is not noticed", "runtime.go", `"execute", ReplaceStmt(Assigns("gp.stackguard0"), "gp.stackguard0 = gp.stack.lo + stackArmed")`,
		`"execute", ReplaceStmt(Assigns("gp.stackguard0"), "gp.stackguard0 = gp.stack.lo + stackGuard")`, "TestHighWater"},
	{"what has grown by copying is not noticed", "_runtime/growth.go", "gp.stackguard0 = gp.stack.lo + stackArmed //", "//", "TestHighWater"},
	{"goroutines that live are not looked at", "_runtime/report.go", "\t\tnoteLive()\n", "", "TestHighWater"},
	{"who did not need a slot is not counted", "_runtime/slotcache.go", "pp.stacks.word |= kindGiven", "", "TestMispredictions"},
	{"who outgrew the advice is not counted", "_runtime/kind.go", ".outgrown++", ".outgrown += 0", "TestMispredictions"},
	{"metrics that come early are forgotten", "_runtime/metric.go", "metrics[later.name] = d", "_ = d", "TestMetricsListed"},
	{"metrics are not described", "_metrics/description.go", "append(spadeDesc, allDesc[i:]...)...)", "allDesc[i:]...)", "TestMetricsListed"},
	{"files are not appended to", "_runtime/reportfile.go", "|toEnd", "", "TestReportAppends"},
}

// TestMutations: each answer is one that a test would miss.
func TestMutations(t *testing.T) {
	for _, m := range mutations {
		t.Run(m.trap, func(t *testing.T) {
			root := copyTree(t)
			for _, file := range strings.Fields(m.files) {
				replaceOnce(t, filepath.Join(root, "internal", "edit", filepath.FromSlash(file)), m.old, m.new)
			}
			cmd := exec.Command("go", "test", "-count=1", "-run", "^"+m.test+"$", "./internal/slots")
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			switch {
			case err == nil:
				t.Errorf("%s passes", m.test)
			case !strings.Contains(string(out), "--- FAIL: "+m.test) || strings.Contains(string(out), "spade go build"):
				t.Errorf("%s did not come to its end:\n%s", m.test, head(string(out)))
			}
		})
	}
}

func replaceOnce(t *testing.T, path, old, new string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(data), old); n != 1 {
		t.Fatalf("%s has %q %d times, want it once", path, old, n)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), old, new, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}

// copyTree copies what spade and the tests here are built from.
func copyTree(t *testing.T) string {
	root := t.TempDir()
	module := filepath.Join("..", "..")
	for _, part := range []string{"go.mod", "go.sum", "cmd", "internal", "lab"} {
		err := filepath.WalkDir(filepath.Join(module, part), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(module, path)
			if err != nil {
				return err
			}
			if d.IsDir() {
				return os.MkdirAll(filepath.Join(root, rel), 0o777)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(root, rel), data, 0o666)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}
