// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package slots

import (
	"strings"
	"testing"
)

// TestPreemptionLong is TestPreemption for as long as rare races need.
func TestPreemptionLong(t *testing.T) {
	path := program(t, "preempt")
	for _, env := range []string{"", "GOMAXPROCS=1", "GOMAXPROCS=64", "GOGC=1", "GODEBUG=gccheckmark=1", "GOSPADE=move=1,poison=1"} {
		t.Run(env, func(t *testing.T) { runOK(t, "inplace", path, strings.Fields(env), "20") })
	}
}

// TestPreemptionWithoutInlining: what runtime code relies on not to be preempted must not hang on the inliner.
func TestPreemptionWithoutInlining(t *testing.T) {
	path, err := build(t, "preempt", "preempt-l", nil, "-gcflags=all=-N -l")
	if err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{"GOMAXPROCS=1", "GOMAXPROCS=8"} {
		runOK(t, "inplace", path, []string{env}, "20")
	}
}

// TestStackLimitReached: Go's own limit, 1 GB.
func TestStackLimitReached(t *testing.T) {
	path := program(t, "maxstack")
	for _, s := range strategies {
		if o := run(t, s, path, nil, "overflow", "976562", "3000000"); o.code != 2 || !strings.Contains(o.out, "999999488-byte limit") {
			t.Errorf("%s: exit code %d:\n%s", s, o.code, head(o.out))
		}
	}
}

// TestZooLong repeats the zoo under every switch.
func TestZooLong(t *testing.T) {
	path := program(t, "zoo")
	for _, env := range []string{
		"GODEBUG=gccheckmark=1", "GODEBUG=clobberfree=1", "GOMAXPROCS=64", "GOGC=1 GOMAXPROCS=1", "GOGC=1 GOSPADE=move=1,poison=1",
	} {
		for range 5 {
			runOK(t, "inplace", path, strings.Fields(env))
		}
	}
}

// TestEveryTarget builds for all systems that Go calls first class, and some more.
func TestEveryTarget(t *testing.T) {
	for _, target := range []string{
		"darwin/amd64", "windows/arm64", "windows/386", "linux/arm", "linux/riscv64", "linux/ppc64le", "linux/s390x", "linux/mips",
		"freebsd/amd64", "openbsd/arm64", "netbsd/386", "plan9/amd64", "wasip1/wasm", "aix/ppc64", "solaris/amd64", "android/arm64",
	} {
		t.Run(target, func(t *testing.T) { buildFor(t, target) })
	}
}
