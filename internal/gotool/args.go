// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"slices"
	"strings"
)

// An invocation is a go command line, split as the go command would split it.
type invocation struct {
	before  []string // "-C dir" in front of the subcommand
	name    string   // the subcommand
	after   []string // "-C dir" behind it
	chdir   string   // the directory of either -C
	args    []string // the rest, without the flags in overlay
	flags   []goFlag // the flags among args
	overlay *string  // the user's last -overlay, which is not in args
	operand []string // what is not a flag: packages, files and, behind them, arguments of the program
}

// A goFlag is a flag of the go command.
type goFlag struct {
	name  string // without dashes
	value string // "" for a boolean flag without a value
	text  []string
}

// takesOverlay are the subcommands whose result depends on the runtime: they get spade's overlay. "go get" and the others that take
// the flag compile nothing that the user keeps, and run unchanged.
var takesOverlay = []string{"build", "install", "list", "run", "test", "vet"}

// valued are the flags that take the next argument for their value, unless it is written with "=".
var valued = map[string][]string{
	"": {
		"C", "asmflags", "buildmode", "compiler", "covermode", "coverpkg", "debug-actiongraph", "debug-runtime-trace", "debug-trace",
		"exec", "gccgoflags", "gcflags", "installsuffix", "ldflags", "mod", "modfile", "o", "overlay", "p", "pgo", "pkgdir", "tags",
		"toolexec",
	},
	"list": {"f", "reuse"},
	"vet":  {"c", "vettool"},
	"test": {
		"bench", "benchtime", "blockprofile", "blockprofilerate", "count", "coverprofile", "cpu", "cpuprofile", "fuzz",
		"fuzzminimizetime", "fuzztime", "list", "memprofile", "memprofilerate", "mutexprofile", "mutexprofilefraction", "outputdir",
		"parallel", "run", "shuffle", "skip", "timeout", "trace", "vet",
	},
}

// parse splits a go command line, without the word "go".
func parse(args []string) invocation {
	var inv invocation
	inv.before, args = inv.takeChdir(args)
	if len(args) == 0 {
		return inv
	}
	inv.name, args = args[0], args[1:]
	inv.after, args = inv.takeChdir(args)
	if slices.Contains(takesOverlay, inv.name) {
		inv.scan(args)
	} else {
		inv.args = args
	}
	return inv
}

// takeChdir splits a leading -C flag from args. The go command takes one in front of the subcommand or right behind it.
func (inv *invocation) takeChdir(args []string) (taken, rest []string) {
	if len(args) == 0 {
		return nil, args
	}
	name, value, assigned := splitFlag(args[0])
	switch {
	case name != "C":
		return nil, args
	case assigned:
		inv.chdir = value
		return args[:1], args[1:]
	case len(args) > 1:
		inv.chdir = args[1]
		return args[:2], args[2:]
	}
	return nil, args
}

// scan sorts args into flags and operands. The flags of most subcommands end at the first operand; "go test" takes them behind its
// packages as well, up to an argument that must be one for the test binary.
func (inv *invocation) scan(args []string) {
	isTest := inv.name == "test"
	var packages, flagSeen, mayBeValue bool
	for len(args) > 0 {
		arg := args[0]
		name, value, assigned := splitFlag(arg)
		switch {
		case arg == "--" || isTest && name == "args":
			inv.end(args, args[1:])
			return
		case name == "" && !isTest:
			inv.end(args, args)
			return
		case name == "":
			if packages && flagSeen && !mayBeValue {
				inv.end(args, args)
				return
			}
			packages = true
			mayBeValue = false
			inv.operand = append(inv.operand, arg)
			inv.args = append(inv.args, arg)
			args = args[1:]
			continue
		}
		flagSeen = flagSeen || packages
		used := 1
		mayBeValue = false
		if !assigned && takesValue(inv.name, name) && len(args) > 1 {
			value, used = args[1], 2
		} else if isTest && !assigned && !isBool(name) {
			mayBeValue = true // a flag of the test binary: the next argument may be its value
			packages, flagSeen = true, true
		}
		inv.add(goFlag{strings.TrimPrefix(name, "test."), value, args[:used:used]})
		args = args[used:]
	}
}

func (inv *invocation) add(f goFlag) {
	if f.name == "overlay" {
		inv.overlay = &f.value
		return
	}
	inv.flags = append(inv.flags, f)
	inv.args = append(inv.args, f.text...)
}

// end takes rest as it is.
func (inv *invocation) end(rest, operands []string) {
	inv.args = append(inv.args, rest...)
	inv.operand = append(inv.operand, operands...)
}

// splitFlag returns the name of a flag, or "" if arg is none.
func splitFlag(arg string) (name, value string, assigned bool) {
	name, found := strings.CutPrefix(arg, "-")
	if !found || name == "" || name == "-" {
		return "", "", false
	}
	return strings.Cut(strings.TrimPrefix(name, "-"), "=")
}

func takesValue(subcommand, name string) bool {
	if slices.Contains(valued[""], name) {
		return true
	}
	if subcommand == "test" {
		name = strings.TrimPrefix(name, "test.")
	}
	return slices.Contains(valued[subcommand], name)
}

// bools are the flags of "go test" that take no value.
var bools = []string{
	"a", "artifacts", "asan", "benchmem", "buildvcs", "c", "cover", "failfast", "fullpath", "h", "help", "json", "linkshared", "modcacherw", "msan",
	"n", "race", "short", "trimpath", "v", "work", "x",
}

func isBool(name string) bool {
	return slices.Contains(bools, strings.TrimPrefix(name, "test."))
}

// last returns the value of the last flag of that name, and whether there is one.
func (inv *invocation) last(name string) (value string, found bool) {
	for _, f := range inv.flags {
		if f.name == name {
			value, found = f.value, true
		}
	}
	return value, found
}

// with returns the command line with flags among those of the subcommand, in a place where every subcommand takes them.
func (inv *invocation) with(flags ...string) []string {
	return slices.Concat(inv.before, []string{inv.name}, inv.after, flags, inv.args)
}
