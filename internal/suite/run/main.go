// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Run is the command of the long suite: go run ./internal/suite/run [flags] SUITE...
package main

import (
	"os"

	"github.com/spadego/spade/internal/suite"
)

func main() {
	os.Exit(suite.Main(os.Args[1:], os.Stdout, os.Stderr))
}
