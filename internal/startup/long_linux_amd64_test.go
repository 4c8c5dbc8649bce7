// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package startup

func init() {
	moreBuilds = []programBuild{
		{name: "trimmed", args: []string{"-trimpath"}},
		{name: "v3", env: []string{"CGO_ENABLED=0", "GOAMD64=v3"}},
		{name: "race", env: []string{"CGO_ENABLED=1"}, args: []string{"-race"}, cgo: true, loader: true},
		{name: "pie", env: []string{"CGO_ENABLED=0"}, args: []string{"-buildmode=pie"}, loader: true},
		{name: "external pie", env: []string{"CGO_ENABLED=1"}, args: []string{"-buildmode=pie", "-ldflags=-linkmode=external"}, cgo: true, loader: true},
	}
}
