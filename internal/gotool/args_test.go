// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestWith(t *testing.T) {
	for _, test := range []struct{ line, want, user string }{
		// X is spade's flag: behind the subcommand and its -C, in front of everything else.
		{"build", "build X", ""},
		{"build ./...", "build X ./...", ""},
		{"build -o out -tags a,b .", "build X -o out -tags a,b .", ""},
		{"-C dir build .", "-C dir build X .", ""},
		{"build -C dir .", "build -C dir X .", ""},
		{"build -C=dir .", "build -C=dir X .", ""},
		{"build --C dir .", "build --C dir X .", ""},
		{"run main.go -overlay=program", "run X main.go -overlay=program", ""},
		{"run -exec time . -o x", "run X -exec time . -o x", ""},
		{"run -- -overlay=file.go", "run X -- -overlay=file.go", ""},
		{"vet -c 3 ./...", "vet X -c 3 ./...", ""},
		{"list -f {{.Dir}} ./...", "list X -f {{.Dir}} ./...", ""},
		{"test ./... -run A -args -overlay=program", "test X ./... -run A -args -overlay=program", ""},

		// The user's own -overlay is taken out, wherever the subcommand takes flags.
		{"build -overlay=mine .", "build X .", "mine"},
		{"build -overlay mine .", "build X .", "mine"},
		{"build --overlay=mine .", "build X .", "mine"},
		{"build -overlay=one -v -overlay=two .", "build X -v .", "two"},
		{"build -ldflags -overlay=notone .", "build X -ldflags -overlay=notone .", ""},
		{"test . -overlay=mine", "test X .", "mine"},
		{"test -bench . ./pkg -overlay=mine", "test X -bench . ./pkg", "mine"},
		{"test -custom value -overlay=mine", "test X -custom value", "mine"},
		{"test . -v arg -overlay=program", "test X . -v arg -overlay=program", ""},
		{"test -test.run A -overlay=mine .", "test X -test.run A .", "mine"},
		{"vet -vettool /bin/v -overlay=mine .", "vet X -vettool /bin/v .", "mine"},
	} {
		inv := parse(strings.Fields(test.line))
		if got := strings.Join(inv.with("X"), " "); got != test.want {
			t.Errorf("go %s becomes\n\tgo %s, want\n\tgo %s", test.line, got, test.want)
		}
		user := ""
		if inv.overlay != nil {
			user = *inv.overlay
		}
		if user != test.user {
			t.Errorf("go %s: the user's overlay is %q, want %q", test.line, user, test.user)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		line    string
		name    string
		chdir   string
		flags   string // names
		operand string
	}{
		{"", "", "", "", ""},
		{"-C", "-C", "", "", ""},
		{"-C dir", "", "dir", "", ""},
		{"env GOROOT", "env", "", "", ""},
		{"-C a build -o x ./cmd ./lib", "build", "a", "o", "./cmd ./lib"},
		{"install -v example.com/cmd@latest", "install", "", "v", "example.com/cmd@latest"},
		{"test -race -count 1 ./... -timeout=3s -args -x", "test", "", "race count timeout", "./... -x"},
		{"test -test.v -c", "test", "", "v c", ""},
		{"run -race . -v", "run", "", "race", ". -v"},
	} {
		inv := parse(strings.Fields(test.line))
		var flags []string
		for _, f := range inv.flags {
			flags = append(flags, f.name)
		}
		if inv.name != test.name || inv.chdir != test.chdir || !slices.Equal(flags, strings.Fields(test.flags)) ||
			!slices.Equal(inv.operand, strings.Fields(test.operand)) {
			t.Errorf("go %s: subcommand %q, -C %q, flags %q, operands %q, want %+v", test.line, inv.name, inv.chdir, flags, inv.operand, test)
		}
	}
}

// The tables of flags hold what the go command's own help says of them.
func TestFlagsOfGo(t *testing.T) {
	line := regexp.MustCompile(`(?m)^(?:\t|  )-([a-zA-Z]+)( \S.*)?$`)
	for topic, subcommand := range map[string]string{"build": "build", "testflag": "test", "test": "test", "vet": "vet"} {
		text, err := exec.Command("go", "help", topic).Output()
		if err != nil {
			t.Fatal(err)
		}
		flags := line.FindAllStringSubmatch(string(text), -1)
		if len(flags) < 4 {
			t.Errorf("go help %s lists %d flags: has its form changed?", topic, len(flags))
		}
		for _, m := range flags {
			name, takes := m[1], m[2] != ""
			if name == "args" {
				continue // ends the flags
			}
			if takesValue(subcommand, name) != takes {
				t.Errorf("go help %s: -%s%s; is it in the table of flags with a value? %v", topic, name, m[2], !takes)
			}
			if subcommand == "test" && !takes && !isBool(name) {
				t.Errorf("go help %s: -%s is not in the table of flags without a value", topic, name)
			}
		}
	}
}
