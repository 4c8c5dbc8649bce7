// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/spadego/spade/internal/cli"
)

//go:embed doc.go
var manual string

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "spade: the working directory is gone: %v\n", err)
		os.Exit(2)
	}
	command := cli.Command{
		Args: os.Args[1:], Env: os.Environ(), Dir: dir,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Manual: manual,
	}
	os.Exit(command.Run())
}
