// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"github.com/spadego/spade/internal/gotool"
)

// verify is "spade verify [-json] BINARY...".
func (c *Command) verify(args []string) (int, error) {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args); err != nil {
		return 0, &usageError{"verify", err.Error()}
	}
	if flags.NArg() == 0 {
		return 0, &usageError{"verify", "name the binaries to look at"}
	}
	code := exitOK
	var binaries []gotool.Binary
	for _, path := range flags.Args() {
		b, err := gotool.Inspect(path)
		if err != nil {
			return 0, err
		}
		if b.Marker == nil {
			code = exitProof
		}
		binaries = append(binaries, b)
	}
	if *asJSON {
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
