// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"slices"
	"testing"
)

func TestPattern(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"main.serve", "main.serve", true},
		{"main.serve", "main.serve.func1", false},
		{"main.serve", "xmain.serve", false},
		{"main.serve", "main/serve", false},
		{"main.*", "main.serve.func1", true},
		{"main.*", "main.", true},
		{"example.com/*", "example.com/a", true},
		{"example.com/*", "example.com/a/b", false},
		{"example.com/...", "example.com/a/b", true},
		{"example.com/...", "example.com", true},
		{"example.com/...", "example.community", false},
		{"...", "", true},
		{"...", "example.com/a.(*T).run", true},
		{"main.serve...", "main.serve.func1", true},
		{".../log.*", "example.com/log.flush", true},
		{"net/http.(*conn).serve", "net/http.(*conn).serve", true},
		{"net/http.(*conn).serve", "net/http.conn.serve", false},
		{"main.run[...]", "main.run[...]", true},
		{"main.run[...]", "main.run[go.shape.int]", true},
		{"main.run[...]", "main.run", false},
		{"a+b", "aab", false},
		{"a\nb...", "a\nb\nc", true},
	} {
		if got := compile(test.pattern).matches(test.name); got != test.want {
			t.Errorf("%q matches %q: %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}

func TestNamesOf(t *testing.T) {
	for function, want := range map[string][]string{
		"main.serve":                             {"main.serve", "example.com/m.serve", "example.com/m", "main"},
		"net/http.(*conn).serve":                 {"net/http.(*conn).serve", "net/http"},
		"gopkg.in/yaml%2ev3.(*T).go.func1":       {"gopkg.in/yaml%2ev3.(*T).go.func1", "gopkg.in/yaml.v3.(*T).go.func1", "gopkg.in/yaml.v3", "gopkg.in/yaml%2ev3"},
		"example.com/p.Run[example.com/q/r.T]":   {"example.com/p.Run[example.com/q/r.T]", "example.com/p"},
		"example.com/p.(*Pool[go.shape.int]).go": {"example.com/p.(*Pool[go.shape.int]).go", "example.com/p"},
		"odd":                                    {"odd"},
		"a%2.f":                                  {"a%2.f", "a%2"},
	} {
		if got := namesOf(function, "example.com/m"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", function, got, want)
		}
	}
}
