// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package spade_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A piece of evidence is what docs/articles.md says of Go's own source where an article says something else.
type evidence struct {
	name  string // as docs/articles.md names the subtest
	file  string // below GOROOT/src; a folder stands for its Go files
	decl  string // function or method in file; "" means the whole file
	holds []string
	lacks []string
}

var articleEvidence = []evidence{
	{"newproc", "runtime/proc.go", "newproc", []string{"(fn *funcval)", "GetCallerPC()", "systemstack("}, []string{"mcall(", "siz"}},
	{"globalqueue", "runtime/proc.go", "globrunqput", []string{"assertLockHeld(&sched.lock)"}, []string{"cas(", "Cas"}},
	{"ring", "runtime/chan.go", "chansend", []string{"lock(&c.lock)", "c.sendx++", "c.sendx == c.dataqsiz"}, []string{"Xadd"}},
	{"ringsize", "runtime/chan.go", "makechan", []string{"c.dataqsiz = uint(size)"}, nil},
	{"closetwice", "runtime/chan.go", "closechan", []string{"panic(plainError("}, []string{"throw("}},
	{"adjust", "runtime/stack.go", "copystack", []string{"memmove(", "adjustframe("}, []string{"forward", "writebarrier"}},
	{"bitmaps", "runtime/stack.go", "adjustframe", []string{"getStackMap(", "adjustpointers("}, nil},
	{"double", "runtime/stack.go", "newstack", []string{"oldsize * 2", "stackGuard"}, nil},
	{"guard", "runtime/stack.go", "", []string{"stackGuard = stackNosplit + stackSystem + abi.StackSmall"}, nil},
	{"stackalloc", "runtime/stack.go", "stackalloc", []string{"n < _StackCacheSize", "stackcache[order]", "allocManual("}, nil},
	{"stackmap", "runtime/stkframe.go", "getStackMap", []string{"pcdatavalue(", "stackmapdata("}, nil},
	{"gpadding", "runtime/runtime2.go", "", []string{"type g struct"}, []string{"CacheLinePad"}},
	{"goescapes", "cmd/compile/internal/escape/call.go", "goDeferStmt", []string{"k := e.heapHole()", "n.Op() == ir.ODEFER"}, nil},
	{"varsize", "cmd/compile/internal/ir/cfg.go", "", []string{"MaxStackVarSize = int64(128 * 1024)", "MaxImplicitStackVarSize = int64(64 * 1024)"}, nil},
	{"select", "runtime/select.go", "selectgo", []string{"cheaprandn(", "sellock("}, nil},
	{"nilfault", "runtime/signal_unix.go", "sigpanic", []string{"gp.sigcode1 < 0x1000", "panicmem()"}, nil},
	{"loadstack", "runtime", "", nil, []string{"load_goroutine_stack"}},
	{"stackpool", "runtime", "", nil, []string{"stack pool not initialized"}},
}

// TestArticleEvidence looks the evidence up in the source of the Go that runs this test.
func TestArticleEvidence(t *testing.T) {
	out, err := goCommand(".", "env", "GOROOT")
	if err != nil {
		t.Fatalf("go env GOROOT: %v\n%s", err, out)
	}
	src := filepath.Join(strings.TrimSpace(out), "src")
	for _, e := range articleEvidence {
		t.Run(e.name, func(t *testing.T) {
			text := e.text(t, src)
			for _, want := range e.holds {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s does not hold %q", e.file, e.decl, want)
				}
			}
			for _, unwanted := range e.lacks {
				if strings.Contains(text, unwanted) {
					t.Errorf("%s %s holds %q", e.file, e.decl, unwanted)
				}
			}
		})
	}
}

// text returns the code that e is about, blank space and comments as they are.
func (e evidence) text(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(src, filepath.FromSlash(e.file))
	if filepath.Ext(path) == "" {
		files, err := filepath.Glob(filepath.Join(path, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no Go files in %s: %v", path, err)
		}
		var all strings.Builder
		for _, f := range files {
			all.Write(readFile(t, f))
		}
		return all.String()
	}
	text := string(readFile(t, path))
	if e.decl == "" {
		return text
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == e.decl {
			return text[files.Position(f.Pos()).Offset:files.Position(f.End()).Offset]
		}
	}
	t.Fatalf("%s declares no function %s", e.file, e.decl)
	return ""
}

// TestArticleEvidenceNamed checks that every subtest of TestArticleEvidence that the document names exists.
func TestArticleEvidenceNamed(t *testing.T) {
	const prefix = "TestArticleEvidence/"
	named := map[string]bool{}
	for i, part := range strings.Split(string(readFile(t, "docs/articles.md")), prefix) {
		if i > 0 {
			named[part[:strings.IndexFunc(part, func(r rune) bool { return r < 'a' || r > 'z' })]] = true
		}
	}
	for _, e := range articleEvidence {
		if !named[e.name] {
			t.Errorf("docs/articles.md does not cite %s%s", prefix, e.name)
		}
		delete(named, e.name)
	}
	for name := range named {
		t.Errorf("docs/articles.md cites %s%s, which does not exist", prefix, name)
	}
}

// TestSecondCloseIsRecoverable shows that closing a channel twice is an ordinary panic.
func TestSecondCloseIsRecoverable(t *testing.T) {
	defer func() {
		err, _ := recover().(error)
		if re := runtime.Error(nil); !errors.As(err, &re) {
			t.Errorf("recovered %v, want a runtime.Error", err)
		}
	}()
	c := make(chan int)
	close(c)
	close(c)
}
