// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"slices"
	"strings"
	"testing"
)

const listed = `{"ImportPath":"runtime","Standard":true,"Imports":["internal/cpu"]}
{"ImportPath":"internal/cpu","Standard":true}
{"ImportPath":"vendor/golang.org/x/net","Standard":true,"DepOnly":true,"Imports":["runtime"]}
{"ImportPath":"net/http","Standard":true,"DepOnly":true,"Imports":["golang.org/x/net"],"ImportMap":{"golang.org/x/net":"vendor/golang.org/x/net"}}
{"ImportPath":"example.com/far","DepOnly":true,"Module":{"Path":"example.com/far","Version":"v1.2.3"},"Imports":["net/http"]}
{"ImportPath":"example.com/m/cmd/x","Module":{"Path":"example.com/m","Main":true},"Imports":["example.com/far","net/http"]}
`

func program1(t *testing.T) *program {
	t.Helper()
	list, err := ReadPackages(strings.NewReader(strings.ReplaceAll(listed, `"ImportPath":"runtime",`, `"ImportPath":"runtime","DepOnly":true,`)))
	if err != nil {
		t.Fatal(err)
	}
	list[1].DepOnly = true
	return newProgram(list)
}

func TestChain(t *testing.T) {
	p := program1(t)
	for pkg, want := range map[string][]string{
		"vendor/golang.org/x/net": {"example.com/m/cmd/x", "net/http", "vendor/golang.org/x/net"},
		"example.com/far":         {"example.com/m/cmd/x", "example.com/far"},
		"main":                    nil,
		"internal/cpu":            nil, // of the runtime
		"no/such":                 nil,
	} {
		if got := p.chain(pkg); !slices.Equal(got, want) {
			t.Errorf("%s is imported through %q, want %q", pkg, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	p := program1(t)
	for pkg, want := range map[string]string{
		"main": "example.com/m", "example.com/far": "example.com/far@v1.2.3", "net/http": "standard library",
	} {
		if got := p.find(pkg).group(); got != want {
			t.Errorf("%s is counted with %s, want %s", pkg, got, want)
		}
	}
	if p.find("main").ImportPath != "example.com/m/cmd/x" {
		t.Error("the main package was not found")
	}
}

func TestReadPackagesBroken(t *testing.T) {
	if _, err := ReadPackages(strings.NewReader(listed[:100])); err == nil {
		t.Error("half an object is no error")
	}
}

func TestGroupByBinary(t *testing.T) {
	s := &Subject{Modules: []Module{{Path: "example.com/m", Version: "v9.0.0", Main: true}, {Path: "example.com/far", Version: "v1.2.3"}, {Path: "example.com/far/sub"}}}
	for pkg, want := range map[string]string{
		"main": "example.com/m", "example.com/m/a": "example.com/m", "example.com/far": "example.com/far@v1.2.3", "example.com/far/b": "example.com/far@v1.2.3",
		"example.com/far/sub/c": "example.com/far/sub", "example.com/farther": "", "net/http": "standard library", "vendor/golang.org/x/net": "standard library",
	} {
		if got := s.group(pkg); got != want {
			t.Errorf("%s is counted with %q, want %q", pkg, got, want)
		}
	}
	if got := new(Subject).group("net/http"); got != "" {
		t.Errorf("without modules: %q", got)
	}
}
