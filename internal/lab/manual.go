// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed doc.go
var docFile string

// manual returns the package's documentation, which is what help prints.
func manual() string {
	_, text, _ := strings.Cut(docFile, "/*\n")
	text, _, _ = strings.Cut(text, "*/")
	return text
}

func (c *Command) help() error {
	_, err := fmt.Fprint(c.Stdout, manual())
	return err
}
