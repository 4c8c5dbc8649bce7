// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux && (amd64 || arm64)

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// observedStd are packages of the standard library whose tests are run: all that work on data, start goroutines, or reflect.
var observedStd = strings.Fields(`
	archive/tar archive/zip bufio bytes cmp compress/bzip2 compress/flate compress/gzip compress/lzw compress/zlib container/heap container/list container/ring
	context crypto/aes crypto/ecdsa crypto/rand crypto/rsa crypto/sha256 crypto/tls crypto/x509 database/sql encoding/ascii85 encoding/asn1 encoding/base64
	encoding/binary encoding/csv encoding/gob encoding/hex encoding/json encoding/pem encoding/xml errors expvar flag fmt go/ast go/constant go/format go/parser
	go/printer go/scanner go/token go/types hash/crc32 hash/maphash html html/template image image/gif image/jpeg image/png index/suffixarray io io/fs iter log
	log/slog maps math/big math/rand mime mime/multipart net net/http net/http/httptest net/mail net/netip net/rpc net/textproto net/url os os/exec os/signal
	path/filepath reflect regexp regexp/syntax runtime/pprof slices sort strconv strings sync sync/atomic testing testing/fstest testing/iotest testing/quick
	testing/synctest text/scanner text/tabwriter text/template text/template/parse time unicode/utf16 unicode/utf8 unique weak`)

// observedModules are modules whose tests are run, those with goroutines among them.
var observedModules = []struct{ path, version string }{
	{"go.etcd.io/bbolt", "v1.5.0"},
	{"github.com/go-chi/chi/v5", "v5.2.3"},
	{"github.com/spf13/cobra", "v1.10.1"},
	{"go.uber.org/zap", "v1.27.0"},
	{"github.com/google/go-cmp", "v0.7.0"},
	{"github.com/stretchr/testify", "v1.11.1"},
	{"github.com/prometheus/client_golang", "v1.23.2"},
	{"github.com/yuin/goldmark", "v1.7.13"},
	{"github.com/dgraph-io/badger/v4", "v4.9.6"},
}

// TestObserveStd lets spade depth -observe run tests of the standard library, with -short their short ones. SPADE_OBSERVE, if it is set, names
// some of the packages.
func TestObserveStd(t *testing.T) {
	spade := built(t)
	dir := t.TempDir() // a module of its own: a GOROOT below GOMODCACHE is not to be the main module
	run(t, dir, "go", "mod", "init", "example.com/observe")
	packages := observedStd
	if some := os.Getenv("SPADE_OBSERVE"); some != "" {
		packages = strings.Fields(some)
	}
	for _, path := range packages {
		observe(t, spade, path, dir, path)
	}
}

// TestObserveModules is the same for real modules.
func TestObserveModules(t *testing.T) {
	spade := built(t)
	for _, m := range observedModules {
		if some := os.Getenv("SPADE_OBSERVE"); some != "" && !strings.Contains(some, m.path) {
			continue
		}
		dir := t.TempDir()
		var module struct{ Dir string }
		if err := json.Unmarshal(run(t, dir, "go", "mod", "download", "-json", m.path+"@"+m.version), &module); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "m"), os.DirFS(module.Dir)); err != nil {
			t.Fatal(err)
		}
		run(t, dir, "chmod", "-R", "u+w", "m")
		observe(t, spade, m.path, filepath.Join(dir, "m"), "./...")
	}
}

func built(t *testing.T) (spade string) {
	t.Helper()
	dir := t.TempDir()
	spade = filepath.Join(dir, "spade")
	run(t, ".", "go", "build", "-buildvcs=false", "-o", spade, "../../cmd/spade")
	t.Setenv("SPADECACHE", filepath.Join(dir, "cache"))
	t.Setenv("GOFLAGS", "")
	return spade
}

// run returns what a command prints, which must not fail.
func run(t *testing.T, dir string, command ...string) []byte {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	return out
}

// observe runs the tests of packages in dir, and prints what was compared. What their tests say is not of interest here.
func observe(t *testing.T, spade, name, dir, packages string) {
	t.Helper()
	args := []string{"depth", "-C", dir, "-observe", "-json", "--", "go", "test", "-count=1", packages}
	if testing.Short() {
		args = append(args, "-short")
	}
	cmd := exec.Command(spade, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var r finding.ObservedReport
	for line := range bytes.Lines(out) {
		var m finding.Message
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("%s: %v: %s", name, err, line)
		}
		if err := r.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	bounded, violations := r.Bounded()
	f := r.Frames
	t.Logf("%s: exit code %d; programs %d, kinds %d, with a bound %d, violations %d; stacks %d, lost %d, frames %d, as predicted %d, not compared %v; calls %d, beyond %d",
		name, cmd.ProcessState.ExitCode(), len(r.Programs), len(r.Observed), bounded, violations, f.Stacks, f.Lost, f.Frames, f.Same, f.Unchecked, f.Calls, f.Beyond)
	told := 0
	for _, o := range r.Observed {
		if o.Violation && told < 10 {
			t.Errorf("%s: %+v", name, *o)
			told++
		}
	}
	if len(r.Programs) == 0 || cmd.ProcessState.ExitCode() == 4 {
		t.Errorf("%s: exit code %d, %d programs\n%s", name, cmd.ProcessState.ExitCode(), len(r.Programs), tail(errs.String()))
	}
}

// tail returns the last lines of a text.
func tail(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
