// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseMode(t *testing.T) {
	tests := []struct {
		in   string
		want Mode
	}{
		{"plain", Mode{Name: "plain"}},
		{"", Mode{Name: "plain"}},
		{"GOGC=1  GOMAXPROCS=2", Mode{Name: "GOGC=1 GOMAXPROCS=2", Env: []string{"GOGC=1", "GOMAXPROCS=2"}}},
		{"GODEBUG=a=1,b=2", Mode{Name: "GODEBUG=a=1,b=2", Env: []string{"GODEBUG=a=1,b=2"}}},
		{"-race GOGC=1", Mode{Name: "-race GOGC=1", Env: []string{"GOGC=1"}, Flags: []string{"-race"}}},
	}
	for _, tt := range tests {
		got, err := parseMode(tt.in)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("parseMode(%q) = %+v, %v, want %+v", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"GOGC", "=1"} {
		if _, err := parseMode(in); err == nil {
			t.Errorf("parseMode(%q): no error", in)
		}
	}
}

func TestSettingsReachTheTestAndItsGoCommands(t *testing.T) {
	l := &Lane{Name: "inplace", Spade: &SpadeBuild{Command: "/bin/spade", Overlay: "/a b/overlay.json"}, Mode: Mode{Env: []string{"GOSPADE=move=1", "GOGC=1"}, Flags: []string{"-race"}}}
	args := strings.Join(testRun{Short: true, Timeout: time.Minute, Match: "X"}.args(l, "p", []string{"TestA/x", "TestA/y", "TestB"}), " ")
	for _, want := range []string{`-exec=env 'GOFLAGS="-overlay=/a b/overlay.json"' GOGC=1 GOSPADE=stacks=inplace,move=1`, "-race", "-short", "-run=^(TestA|TestB)$"} {
		if !strings.Contains(args, want) {
			t.Errorf("args lack %q: %s", want, args)
		}
	}
	for _, kv := range l.buildEnv() {
		if strings.HasPrefix(kv, "GOGC=") || strings.HasPrefix(kv, "GOSPADE=") {
			t.Errorf("the build sees %s", kv)
		}
	}
	l.Spade.Stacks, l.Spade.Overlay, l.Spade.Toolexec = "fault", "/o.json", "/bin/spade toolexec /tools all"
	if got, want := l.childSettings(), []string{`GOFLAGS=-overlay=/o.json "-toolexec=/bin/spade toolexec /tools all"`, "GOGC=1", "GOSPADE=move=1"}; !slices.Equal(got, want) {
		t.Errorf("lane fault gets %q, want %q", got, want)
	}
	if got, want := l.goCommand("build"), []string{"/bin/spade", "-stacks=fault", "go", "build"}; !slices.Equal(got, want) {
		t.Errorf("lane fault builds by %q, want %q", got, want)
	}
	l.Name, l.Spade = "stock", nil
	if got := l.childSettings(); !slices.Equal(got, []string{"GOGC=1"}) {
		t.Errorf("stock gets %q, want GOGC=1 alone", got)
	}
}

func TestReleasesIn(t *testing.T) {
	const list = "golang.org/toolchain v0.0.1-go1.26.10.linux-amd64 v0.0.1-go1.26.9.linux-amd64 v0.0.1-go1.27rc1.linux-amd64 " +
		"v0.0.1-go1.27.0.linux-amd64 v0.0.1-go1.27.0.linux-arm64 v0.0.1-go1.25.3.linux-amd64 v0.0.1-go1.26.0-x.linux-amd64"
	got := releasesIn(list, "linux-amd64")
	if want := []string{"go1.26.9", "go1.26.10", "go1.27.0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCommandIsKilledWithItsChildren(t *testing.T) {
	file := filepath.Join(t.TempDir(), "late")
	start := time.Now()
	_, _, err := command{Args: []string{"sh", "-c", "(sleep 2; touch " + file + ") & sleep 30"}, Env: os.Environ(), Timeout: 200 * time.Millisecond}.combined(context.Background())
	if !errors.Is(err, errTimeout) {
		t.Fatalf("error %v, want a timeout", err)
	}
	if d := time.Since(start); d > 4*time.Second {
		t.Errorf("it took %v to end", d)
	}
	time.Sleep(2500*time.Millisecond - min(time.Since(start), 2500*time.Millisecond))
	if _, err := os.Stat(file); err == nil {
		t.Error("a child outlived the command")
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"nosuch"}, {"-run", "(", "std"}, {"-unit", "(", "std"}, {"-env", "X", "std"}, {"-nosuch"}} {
		if code := Main(args, io.Discard, io.Discard); code != exitUsage {
			t.Errorf("Main(%q) = %d, want %d", args, code, exitUsage)
		}
	}
	if code := Main([]string{"-h"}, io.Discard, io.Discard); code != exitSame {
		t.Errorf("Main(-h) = %d", code)
	}
}

func TestFileNamesAreSingleElements(t *testing.T) {
	for _, name := range []string{"runtime/pprof", "test/fixedbugs 01", "GODEBUG=a=1,b=2", "-race", "a\\b"} {
		if got := fileName(name); strings.ContainsAny(got, `/\ `) || got == "" {
			t.Errorf("fileName(%q) = %q", name, got)
		}
	}
}

func TestExpectedIn(t *testing.T) {
	for _, tt := range []struct {
		lane, unit, test string
		want             bool
	}{
		{"inplace", "runtime/metrics", "TestDocs", true},
		{"fault", "runtime/metrics", "TestDocs", true},
		{"fault-deep", "runtime -short", "TestGCTestMoveStackOnNextCall", true},
		{"inplace", "runtime -short", "TestGCTestMoveStackOnNextCall", false},
		{"fault", "test/fixedbugs 07", "issue29329.go", true},
		{"copy", "test/fixedbugs 07", "issue29329.go", false},
		{"fault", "test/fixedbugs 07", "issue29330.go", false},
	} {
		if why := expectedIn(tt.lane, tt.unit, tt.test); (why != "") != tt.want {
			t.Errorf("expectedIn(%q, %q, %q) = %q", tt.lane, tt.unit, tt.test, why)
		}
	}
}
