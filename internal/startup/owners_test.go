// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"fmt"
	"testing"
)

func TestSymbolPackage(t *testing.T) {
	for symbol, want := range map[string]string{
		"main.main": "main", "fmt.(*pp).printArg": "fmt", "net/http.init.0": "net/http", "gopkg.in/yaml%2ev3.init": "gopkg.in/yaml.v3",
		"slices.SortFunc[go.shape.[]example.com/x.T]": "slices", "example.com/a..stmp_1": "example.com/a", "main..inittask": "main",
		"type:.eq.fmt.pp": "", "go:string.*": "", "_start": "", "printf": "", "": "", ".init": "",
	} {
		if got := symbolPackage(symbol); got != want {
			t.Errorf("%s is of %q, want %q", symbol, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	m := &image{}
	m.addOwner("b.f", 300, 400)
	m.addOwner("a.f", 100, 200)
	m.addOwner("a.inner", 150, 160)
	m.addOwner("a.across", 180, 220)
	m.addOwner("nobody", 220, 300)
	m.sortOwners()
	for _, test := range []struct {
		start, end uint64
		want       string
	}{
		{0, 1000, "a100 a20 b100 "}, {150, 350, "a50 a20 b50 "}, {200, 210, "a10 "}, {220, 300, ""}, {0, 100, ""}, {400, 500, ""}, {399, 500, "b1 "},
	} {
		got := ""
		m.share(test.start, test.end, func(pkg string, bytes int64) { got += fmt.Sprint(pkg, bytes, " ") })
		if got != test.want {
			t.Errorf("%d to %d: %q, want %q", test.start, test.end, got, test.want)
		}
	}
}
