// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var buildEarly = sync.OnceValues(func() (string, error) {
	path := filepath.Join(bin, "early")
	return path, goCommand(filepath.Join(bin, "spade"), nil, "go", "build", "-o", path, "./testdata/early")
})

// earlyProgram returns the path of testdata/early, built.
func earlyProgram(t *testing.T) string {
	t.Helper()
	if err := buildSpade(); err != nil {
		t.Fatal(err)
	}
	path, err := buildEarly()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// early runs testdata/early with a profile and a trace of its start, and returns the directory where they are, start.pprof and
// start.trace. Its own are own.pprof and own.trace.
func early(t *testing.T, strategy, what, settings string, code int) (dir string) {
	t.Helper()
	path := earlyProgram(t)
	dir = t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	settings = "GOSPADE=stacks=" + strategy + ",startprofile=" + file("start.pprof") + ",starttrace=" + file("start.trace") + settings
	o := run(t, strategy, path, []string{settings, "EARLY=" + what}, file("own.pprof"), file("own.trace"))
	if o.code != code || o.out != "" {
		t.Fatalf("%s: exit code %d\n%s", settings, o.code, o.out)
	}
	return dir
}

// cpu returns the CPU time under some functions of a profile, and in all, in nanoseconds.
func cpu(t *testing.T, file string, functions ...string) (under []int64, all int64) {
	t.Helper()
	p := readProfile(t, file)
	if len(p.SampleType) != 2 || p.SampleType[1].Type != "cpu" || p.SampleType[1].Unit != "nanoseconds" || p.PeriodType.Type != "cpu" || p.Period <= 0 {
		t.Errorf("%s: sample types %v, period %d %v", file, p.SampleType, p.Period, p.PeriodType)
	}
	under = make([]int64, len(functions))
	for _, s := range p.Sample {
		all += s.Value[1]
		for i, f := range functions {
			if seen(s, f) {
				under[i] += s.Value[1]
			}
		}
	}
	return under, all
}

// events returns what go tool trace reads from a trace.
func events(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "trace", "-d=parsed", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, head(string(out)))
	}
	return string(out)
}

// TestEarly: profile and trace begin before the first init function and end before main.main, or later if that is asked for.
func TestEarly(t *testing.T) {
	t.Parallel()
	for _, s := range strategies {
		dir := early(t, s, "", "", 0)
		under, all := cpu(t, filepath.Join(dir, "start.pprof"), "main.init", "main.aside", "main.main", "time.Sleep")
		initializer, aside, after, asleep := under[0], under[1], under[2], under[3]
		if initializer < all/3 || aside < all/5 || initializer+aside < all*8/10 || after != 0 || asleep > all/10 {
			t.Errorf("%s: of %d ns of CPU time %d are main.init, %d another thread, %d main.main, %d time.Sleep", s, all, initializer, aside, after, asleep)
		}
		text := events(t, filepath.Join(dir, "start.trace"))
		for _, want := range []string{"\tmain.init.0 @", "\truntime.doInit1 @", "NotExist->Runnable", "Running->Waiting"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in the trace\n%s", s, want, head(text))
			}
		}
		if strings.Contains(text, "main.main @") {
			t.Errorf("%s: the trace goes on in main.main", s)
		}
		dir = early(t, s, "", ",startms=100000,startrate=1000", 0)
		if under, all := cpu(t, filepath.Join(dir, "start.pprof"), "main.later"); under[0] < all/5 {
			t.Errorf("%s: main.main's %d ns of %d are not in the profile", s, under[0], all)
		}
		events(t, filepath.Join(dir, "start.trace"))
	}
}

// TestEarlyGivesWay: a program that profiles and traces itself does so as ever, after the start or in the middle of it.
func TestEarlyGivesWay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ what, settings string }{{"main", ""}, {"main", ",startms=100000"}, {"init", ""}} {
		dir := early(t, "inplace", test.what, test.settings, 0)
		for name, functions := range map[string][]string{"start": {"main.init", "main.own"}, "own": {"main.own", "main.init"}} {
			under, all := cpu(t, filepath.Join(dir, name+".pprof"), functions...)
			if test.what == "init" {
				under[1] = 0 // main.own is called by main.init.1
			}
			if under[0] < all/3 || under[1] > all/10 {
				t.Errorf("%v: %s: of %d ns %d are %v", test, name, all, under, functions)
			}
			text := events(t, filepath.Join(dir, name+".trace"))
			if samples := strings.Count(text, " StackSample "); samples == 0 != (name == "start") {
				t.Errorf("%v: %s: %d samples in the trace", test, name, samples)
			}
		}
	}
}

// TestEarlyExit: a program that ends before main.main leaves both behind.
func TestEarlyExit(t *testing.T) {
	t.Parallel()
	dir := early(t, "inplace", "exit", "", 3)
	if under, all := cpu(t, filepath.Join(dir, "start.pprof"), "main.init"); under[0] < all/3 {
		t.Errorf("%d of %d ns are main.init", under[0], all)
	}
	if text := events(t, filepath.Join(dir, "start.trace")); !strings.Contains(text, "\tmain.init.0 @") {
		t.Errorf("no main.init.0 in the trace\n%s", head(text))
	}
}

// TestEarlyFails: what can't be done is said, and the program runs.
func TestEarlyFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := runOK(t, "inplace", earlyProgram(t), []string{"GOSPADE=startprofile=" + dir + ",starttrace=" + dir + "/none/x,startms=x,startrate=0"})
	for _, want := range []string{
		"spade: GOSPADE: can't write " + dir + "\n", "spade: GOSPADE: can't write " + dir + "/none/x\n",
		"spade: GOSPADE: unknown value x of startms, ", "spade: GOSPADE: unknown value 0 of startrate, ",
	} {
		if strings.Count(o.out, want) != 1 {
			t.Errorf("it does not say once %q:\n%s", want, o.out)
		}
	}
	if strings.Count(o.out, "\n") != 4 {
		t.Errorf("it prints\n%s", o.out)
	}
	const none = "spade: GOSPADE: starttrace: the program has no init functions\n"
	if o := runOK(t, "inplace", program(t, "hello"), []string{"GOSPADE=starttrace=" + dir + "/trace"}); !strings.HasPrefix(o.out, none) {
		t.Errorf("a program without init functions prints\n%s", o.out)
	}
}
