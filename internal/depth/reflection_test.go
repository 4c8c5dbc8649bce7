// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// TestOpenContents: what reflection may put into the fields of a struct, if nothing but functions in setPlain does.
func TestOpenContents(t *testing.T) {
	failure, anything, number := types.Universe.Lookup("error").Type(), types.NewInterfaceType(nil, nil), types.Typ[types.Uint32]
	fields := func(names string, of ...types.Type) *types.Struct {
		var list []*types.Var
		for i, name := range strings.Fields(names) {
			list = append(list, types.NewField(token.NoPos, nil, name, of[i], false))
		}
		return types.NewStruct(list, nil)
	}
	named := func(path, name string, of types.Type) types.Type {
		return types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage(path, "p"), name, nil), of, nil)
	}
	copied := fields("StreamID Code Cause", number, number, failure)
	for _, test := range []struct {
		name  string
		of    types.Type
		plain bool
		open  string // the numbers of fields that are
	}{
		{"any setter", fields("A B", failure, anything), false, "01"},
		{"decoders", fields("A B", failure, anything), true, ""},
		{"stream error", named("a/b", "Error", copied), true, "2"},
		{"interfaces", named("a/b", "Error", fields("StreamID Code Cause", number, failure, failure)), true, "12"},
		{"its own", named("net/http", "http2StreamError", copied), true, ""},
		{"its own, go1.27", named("net/http/internal/http2", "StreamError", copied), true, ""},
		{"other names", named("a/b", "Error", fields("StreamID Code Reason", number, number, failure)), true, ""},
		{"more fields", named("a/b", "Error", fields("StreamID Code Cause More", number, number, failure, failure)), true, ""},
	} {
		o := newFlows(ssa.NewProgram(token.NewFileSet(), 0), func(*ssa.Function) {}, map[ssa.CallInstruction]*site{})
		o.openContents(test.of, test.plain)
		got := ""
		for i := range test.of.Underlying().(*types.Struct).NumFields() {
			if o.held(o.field(test.of, i)).Has(open) {
				got += string(rune('0' + i))
			}
		}
		if got != test.open {
			t.Errorf("%s: open are the fields %q, want %q", test.name, got, test.open)
		}
	}
}

// TestAsMethods: no other method of the standard library by which errors.As sets its target uses reflection.
func TestAsMethods(t *testing.T) {
	method := regexp.MustCompile(`(?m)^func \(\w+ (\S+)\) As\(\w+ (any|interface\{\})\) bool`)
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src, found := filepath.Join(strings.TrimSpace(string(goroot)), "src"), 0
	err = filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "cmd"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := method.FindSubmatch(text)
		if m == nil || !strings.Contains(string(text), `"reflect"`) {
			return nil
		}
		pkg, err := filepath.Rel(src, filepath.Dir(path))
		if name := filepath.ToSlash(pkg) + "." + string(m[1]) + ".As"; !isPlain(name) {
			t.Errorf("%s may set what isStreamError does not know", name)
		}
		found++
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("%d found, %v", found, err)
	}
}
