// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPacing: the collector's goal, and what it scans, follow the stack that is used, not the slots.
func TestPacing(t *testing.T) {
	needSlots(t)
	path := program(t, "pacing")
	var got [2]outcome
	for i, s := range strategies {
		got[i] = runOK(t, s, path, nil)
	}
	for name, percent := range map[string]int{"heap": 12, "goal": 10, "stack": 2} {
		was, is := got[0].value(t, name), got[1].value(t, name)
		if is > was+was*percent/100 || name == "stack" && is < was-was*percent/100 {
			t.Errorf("%s: %d bytes in place, %d by copying: more than %d%% apart", name, is, was, percent)
		}
	}
}

// TestScannableStack: the pacer hears of every growth and every shrinking, in place too.
func TestScannableStack(t *testing.T) {
	t.Parallel()
	path := program(t, "scannable")
	for _, s := range strategies {
		o := runOK(t, s, path, nil)
		if deep := o.value(t, "deep"); deep < 11<<10 || deep > 34<<10 {
			t.Errorf("%s: a goroutine that is 13 KB deep counts as %d bytes", s, deep)
		}
		if rest := o.value(t, "rest"); rest < -200 || rest > 200 {
			t.Errorf("%s: after growing and shrinking a goroutine counts as %d bytes more than before", s, rest)
		}
	}
}

// TestMemStatsAgree: ReadMemStats, with its own consistency check on, and the memory classes of runtime/metrics.
func TestMemStatsAgree(t *testing.T) {
	t.Parallel()
	path := program(t, "memstats")
	runOK(t, "copy", path, nil, "consistent")
	for _, env := range [][]string{nil, {"GOMAXPROCS=8"}, {"GODEBUG=gcstoptheworld=1"}} {
		runOK(t, "inplace", path, env, "consistent")
	}
}

// TestStackInuse: it rises by the bytes of the bounds, and comes back when the goroutines have gone.
func TestStackInuse(t *testing.T) {
	t.Parallel()
	path := program(t, "memstats")
	for _, s := range strategies {
		o := runOK(t, s, path, nil, "rise")
		if rise := o.value(t, "rise"); rise < 32<<10-100 || rise > 32<<10+100 {
			t.Errorf("%s: StackInuse rises by %d bytes a goroutine, want 32768", s, rise)
		}
		if rest := o.value(t, "rest"); rest > 256<<10 {
			t.Errorf("%s: after debug.FreeOSMemory %d bytes of stack are left in use", s, rest)
		}
		if rss := o.value(t, "rss"); rss > 24<<10 {
			t.Errorf("%s: after debug.FreeOSMemory %d kB are resident", s, rss)
		}
	}
}

// TestMemoryLimit: kept slots count against GOMEMLIMIT. The limit is 160 MB; stock's own peak is up to 190.
func TestMemoryLimit(t *testing.T) {
	needSlots(t)
	path := program(t, "memstats")
	was := runOK(t, "copy", path, nil, "limit").value(t, "rss")
	is := runOK(t, "inplace", path, nil, "limit").value(t, "rss")
	if is > max(was, 190<<10)*108/100 {
		t.Errorf("the highest RSS under GOMEMLIMIT is %d kB in place, %d kB by copying", is, was)
	}
}

// TestKeptBytes: a memory limit bounds what is kept for later use, to a tenth of it and the few slots that each P has.
func TestKeptBytes(t *testing.T) {
	needSlots(t)
	o := runOK(t, "inplace", program(t, "memstats"), nil, "kept")
	if free, tight := o.value(t, "free"), o.value(t, "tight"); free < 32<<20 || tight < 8<<20 || tight > 18<<20 {
		t.Errorf("%d bytes are kept after a burst, %d under a limit of 160 MB", free, tight)
	}
}

// TestIdleGivesBack: a burst leaves nothing behind in a program that then does nothing.
func TestIdleGivesBack(t *testing.T) {
	t.Parallel()
	path := program(t, "memstats")
	for _, s := range strategies {
		t.Run(s, func(t *testing.T) {
			t.Parallel()
			o := runOK(t, s, path, nil, "idle")
			if burst, idle := o.value(t, "rss"), o.value(t, "idle"); burst < 100<<10 || idle > 24<<10 {
				t.Errorf("%d kB are resident after the burst, %d kB when idle", burst, idle)
			}
			if free := o.value(t, "free"); free > 0 {
				t.Errorf("%d free slots have pages when idle", free)
			}
		})
	}
}

// TestMappings: their number doesn't depend on that of goroutines.
func TestMappings(t *testing.T) {
	t.Parallel()
	needSlots(t)
	o := runOK(t, "inplace", program(t, "maps"), nil)
	if few, many := o.value(t, "maps100"), o.value(t, "maps50000"); many > few+10 || many > 100 {
		t.Errorf("%d mappings with 100 goroutines, %d with 50,000", few, many)
	}
}

// TestMemoryRefused: where stock runs on, so do slots, with right results and memory within bounds.
func TestMemoryRefused(t *testing.T) {
	needSlots(t)
	path := program(t, "limits")
	for _, args := range [][]string{
		// What is reserved must leave address space for the heap, also where there is just enough to reserve it.
		{"as", "1500", "100", "100"}, {"as", "2300", "100", "600"}, {"as", "3000", "2000", "600"},
		{"as", "9000", "100", "1500"}, {"as", "105000", "100", "1500"},
		{"late-as", "600", "2000", "100"},
		// What is opened counts as data, touched or not.
		{"data", "600", "10000", "200"}, {"data", "1000", "20000", "100"},
		{"mlockall-before", "0", "5000", "10"}, {"mlockall-after", "0", "5000", "10"}, {"mlockall-deep", "0", "2000", "10"},
		{"memlock", "8", "1000", "1"},
	} {
		t.Run(fmt.Sprint(args[0], "-", args[1], "MB"), func(t *testing.T) {
			t.Parallel()
			was := run(t, "copy", path, nil, args...)
			if was.code == 77 {
				t.Skipf("skipped: this limit can't be set here: %s", was.out)
			}
			if was.code != 0 {
				t.Skipf("skipped: too little memory for stock as well: %s", head(was.out))
			}
			is := run(t, "inplace", path, nil, args...)
			if is.code != 0 {
				t.Fatalf("exit code %d in place; copying it runs on\n%s", is.code, head(is.out))
			}
			if now, before := is.value(t, "rss"), was.value(t, "rss"); now > 2*before+64<<10 {
				t.Errorf("%d kB are resident in place, %d kB by copying", now, before)
			}
		})
	}
}

// TestOvercommit: where the kernel commits no more memory than it has, slots would take it from the heap. The kernel's answer is made
// up, in a mount namespace of the program's own.
func TestOvercommit(t *testing.T) {
	t.Parallel()
	needSlots(t)
	path := program(t, "limits")
	for mode, strategy := range map[string]string{"1": "inplace", "2": "copy"} {
		answer := filepath.Join(t.TempDir(), "overcommit_memory")
		if err := os.WriteFile(answer, []byte(mode+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		script := `mount --bind "$1" /proc/sys/vm/overcommit_memory || exit 77; exec "$2" set 0 100 10`
		o := run(t, "inplace,report=1", "/usr/bin/env", nil, "unshare", "-m", "sh", "-c", script, "sh", answer, path)
		if o.code == 77 || o.code == 127 || strings.Contains(o.out, "unshare failed") {
			t.Skipf("skipped: no mount namespace to be had here: %s", o.out)
		}
		if o.code != 0 || !strings.Contains(o.out, "spade: stacks="+strategy+"\n") {
			t.Errorf("overcommit mode %s: exit code %d, want %s\n%s", mode, o.code, strategy, head(o.out))
		}
	}
}

// TestLockedRest: the sweeper rests although the kernel takes no page back: a deadlock is seen.
func TestLockedRest(t *testing.T) {
	t.Parallel()
	needSlots(t)
	o := run(t, "inplace", program(t, "limits"), nil, "mlockall-asleep", "0", "100", "0")
	if o.code == 77 {
		t.Skipf("skipped: memory can't be locked here: %s", o.out)
	}
	if o.code != 2 || !strings.Contains(o.out, "all goroutines are asleep") {
		t.Errorf("exit code %d, want a deadlock\n%s", o.code, head(o.out))
	}
}

// TestHugePages: none in slots, which say so to the kernel; the heap's mappings are left alone.
func TestHugePages(t *testing.T) {
	t.Parallel()
	needSlots(t)
	o := runOK(t, "inplace", program(t, "thp"), nil)
	if o.value(t, "huge") != 0 || o.value(t, "missing") != 0 || o.value(t, "heapflag") != 0 {
		t.Errorf("kB of huge pages in slots %d, stacks without the flag nh %d, heap with it %d: want 0 each",
			o.value(t, "huge"), o.value(t, "missing"), o.value(t, "heapflag"))
	}
}

// TestKindTurnsShallow: goroutines that were deep, or take over warm slots or a learned start without need, give the
// memory back.
func TestKindTurnsShallow(t *testing.T) {
	needSlots(t)
	path := program(t, "relearn")
	for _, mode := range []string{"warm", "later", "parked"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			was := runOK(t, "copy", path, nil, mode)
			is := runOK(t, "inplace", path, nil, mode)
			if kb, before := is.value(t, "rss"), was.value(t, "rss"); kb > before+before/10+12<<10 {
				t.Errorf("%d kB are resident in place, %d kB by copying", kb, before)
			}
			if n, before := is.values["inuse"], was.values["inuse"]; n > before+4<<20 {
				t.Errorf("StackInuse is %d in place, %d by copying", n, before)
			}
			if starts := is.values["starts"]; starts > 150 {
				t.Errorf("%d of 1,500 shallow goroutines started in a slot", starts)
			}
		})
	}
}

// TestSweeperStartsLate: a program whose goroutines stay on small stacks has no goroutine more than with stock.
func TestSweeperStartsLate(t *testing.T) {
	needSlots(t)
	t.Parallel()
	path := program(t, "sweeper")
	for arg, want := range map[string]int{"shallow": 0, "deep": 1} {
		o := run(t, "inplace", path, []string{"GOTRACEBACK=system", "GOMAXPROCS=1"}, arg)
		if got := strings.Count(o.out, "\nruntime.slotSweepForever("); got != want || !strings.Contains(o.out, "\nruntime.bgsweep(") {
			t.Errorf("%s: %d sweepers, want %d\n%s", arg, got, want, o.out)
		}
	}
}
