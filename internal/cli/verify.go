// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"encoding/json"
	"flag"
	"fmt"

	"github.com/spadego/spade/internal/gotool"
)

// verifyFlags are the flags of "spade verify".
type verifyFlags struct{ json bool }

func (f *verifyFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
}

// verify is "spade verify [-json] BINARY...".
func (c *Command) verify(args []string) (int, error) {
	var f verifyFlags
	paths, err := parse("verify", f.define, args)
	if err != nil {
		return 0, err
	}
	if len(paths) == 0 {
		return 0, &usageError{"verify", "name the binaries to look at"}
	}
	code := exitOK
	var binaries []gotool.Binary
	for _, path := range paths {
		b, err := gotool.Inspect(path)
		if err != nil {
			return 0, err
		}
		if b.Marker == nil {
			code = exitProof
		}
		binaries = append(binaries, b)
	}
	if f.json {
		return code, c.printJSON(binaries)
	}
	for _, b := range binaries {
		fmt.Fprintln(c.Stdout, describe(b))
	}
	return code, nil
}

func describe(b gotool.Binary) string {
	switch m := b.Marker; {
	case m != nil:
		return fmt.Sprintf("%s: built by spade %s, edits %s, %s, strategies %s, default %s", b.Path, m.Spade, m.Edits, m.Go, m.Kind, m.Default)
	case b.GoVersion != "":
		return fmt.Sprintf("%s: not built by spade: %s, main package %s", b.Path, b.GoVersion, b.Main)
	}
	return fmt.Sprintf("%s: not built by spade, and without build information of Go's", b.Path)
}

func (c *Command) printJSON(v any) error {
	enc := json.NewEncoder(c.Stdout)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
