// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// gorootTimeout bounds one build or one run of a program of GOROOT/test.
const gorootTimeout = 10 * time.Minute

// A gorootChunk is the programs of one unit. Lanes of a kind share the binaries.
type gorootChunk struct {
	root  string // GOROOT/test
	sub   string
	names []string
	procs int

	mu    sync.Mutex
	built map[string]*build
	dirs  []string
}

// A build is the binary of one program, for stock or for spade.
type build struct {
	once   sync.Once
	exe    string
	failed string // output, if it did not build
}

// clean removes the binaries.
func (c *gorootChunk) clean() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, dir := range c.dirs {
		os.RemoveAll(dir)
	}
	c.dirs, c.built = nil, map[string]*build{}
}

// run runs the chunk's programs, or only some, procs at a time.
func (c *gorootChunk) run(ctx context.Context, l *Lane, only []string, files string) (Results, error) {
	names := c.names
	if len(only) > 0 {
		names = only
	}
	res := newResults()
	start := time.Now()
	work := make(chan string)
	var wg sync.WaitGroup
	for range c.procs {
		wg.Go(func() {
			for name := range work {
				out, err := c.program(ctx, l, name)
				c.mu.Lock()
				if err != nil {
					res.set(name, Fail, err.Error()+"\n"+out)
				} else {
					res.set(name, Pass, "")
				}
				c.mu.Unlock()
			}
		})
	}
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		work <- name
	}
	close(work)
	wg.Wait()
	whole := Pass
	if res.count(Fail) > 0 {
		whole = Fail
	}
	res.set(WholeUnit, whole, "")
	res.Seconds = time.Since(start).Seconds()
	return res, ctx.Err()
}

// program builds and runs one program. It passes if it exits with 0 and prints what its .out file holds, or nothing without one.
func (c *gorootChunk) program(ctx context.Context, l *Lane, name string) (string, error) {
	file := filepath.Join(c.root, c.sub, name)
	src, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	r, err := parseRecipe(string(src))
	if err != nil {
		return "", err
	}
	sources := []string{file}
	for _, f := range r.Files {
		sources = append(sources, filepath.Join(c.root, c.sub, f))
	}
	want, err := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
	if err != nil && !os.IsNotExist(err) {
		return "", err
	}
	b := c.build(ctx, l, name, r, sources)
	if b.failed != "" {
		return b.failed, fmt.Errorf("does not build")
	}
	out, err := c.execute(ctx, l, b.exe, r)
	if err == nil && r.Action == "runoutput" {
		if out, err = c.generated(ctx, l, name, r, out); err != nil {
			return out, err
		}
	}
	if err != nil {
		return out, err
	}
	if got := strings.ReplaceAll(out, "\r\n", "\n"); got != string(want) {
		return out, fmt.Errorf("the output is not the expected one of %d bytes", len(want))
	}
	return out, nil
}

// generated builds and runs the program that a runoutput program prints.
func (c *gorootChunk) generated(ctx context.Context, l *Lane, name string, r recipe, text string) (string, error) {
	dir, err := c.tempDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "generated.go")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		return "", err
	}
	b := c.build(ctx, l, name+" generated", r, []string{file})
	if b.failed != "" {
		return b.failed, fmt.Errorf("what it generated does not build")
	}
	return c.execute(ctx, l, b.exe, r)
}

// execute runs a binary in GOROOT/test, where the programs expect to be.
func (c *gorootChunk) execute(ctx context.Context, l *Lane, exe string, r recipe) (string, error) {
	timeout := gorootTimeout
	if r.Timeout > 0 {
		timeout = 4 * r.Timeout // meant for a machine that does nothing else
	}
	cfg, err := stdlibConfig(ctx, l)
	if err != nil {
		return "", err
	}
	env := l.childEnv(append([]string{"STDLIB_IMPORTCFG=" + cfg}, r.Env...)...)
	out, code, err := command{Dir: c.root, Env: env, Args: append([]string{exe}, r.Args...), Timeout: timeout}.combined(ctx)
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d", code)
	}
	return out, err
}

// build builds a program once for stock and once for spade.
func (c *gorootChunk) build(ctx context.Context, l *Lane, name string, r recipe, sources []string) *build {
	key := l.kind() + " " + name + " " + strings.Join(l.Mode.Flags, " ")
	c.mu.Lock()
	b := c.built[key]
	if b == nil {
		b = new(build)
		c.built[key] = b
	}
	c.mu.Unlock()
	b.once.Do(func() {
		dir, err := c.tempDir()
		if err != nil {
			b.failed = err.Error()
			return
		}
		b.exe = filepath.Join(dir, "test.exe")
		args := append([]string{"build", "-o", b.exe}, l.Mode.Flags...)
		cmd := command{Dir: dir, Env: l.buildEnv(r.Env...), Timeout: gorootTimeout}
		args = append(args, r.Flags...)
		if r.Action == "runindir" {
			if cmd.Dir, err = c.copyProgram(dir, name, r.GoVersion); err != nil {
				b.failed = err.Error()
				return
			}
			cmd.Env = append(cmd.Env, "GOPATH="+dir, "GOMODCACHE="+filepath.Join(dir, "pkg", "mod"))
			sources = []string{"."}
		}
		cmd.Args = l.goCommand(append(args, sources...)...)
		out, code, err := cmd.combined(ctx)
		if err != nil || code != 0 {
			b.failed = fmt.Sprintf("%s: exit code %d, %v\n%s", strings.Join(cmd.Args, " "), code, err, out)
		}
	})
	return b
}

// tempDir makes a directory that clean removes.
func (c *gorootChunk) tempDir() (string, error) {
	dir, err := os.MkdirTemp("", "spade-suite-")
	c.mu.Lock()
	c.dirs = append(c.dirs, dir)
	c.mu.Unlock()
	return dir, err
}

// copyProgram copies the directory of a runindir program into a module of its own, named like the directory.
func (c *gorootChunk) copyProgram(dir, name, goVersion string) (string, error) {
	base := strings.TrimSuffix(name, ".go") + ".dir"
	to := filepath.Join(dir, "src", base)
	if err := os.CopyFS(to, os.DirFS(filepath.Join(c.root, c.sub, base))); err != nil {
		return "", err
	}
	if goVersion == "" {
		goVersion = "1.14"
	}
	return to, os.WriteFile(filepath.Join(to, "go.mod"), []byte(fmt.Sprintf("module %s\n\ngo %s\n", base, goVersion)), 0o666)
}

var (
	configMu sync.Mutex
	configs  = map[string]string{}
)

// stdlibConfig returns a file that names the compiled packages of the standard library, for programs that call the
// compiler and linker themselves. It is made once per kind of lane and toolchain.
func stdlibConfig(ctx context.Context, l *Lane) (string, error) {
	configMu.Lock()
	defer configMu.Unlock()
	key := l.kind() + " " + l.Go.Name
	if name := configs[key]; name != "" {
		return name, nil
	}
	cmd := command{Dir: os.TempDir(), Env: l.buildEnv(), Timeout: 20 * time.Minute,
		Args: l.goCommand("list", "-export", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "std")}
	out, err := cmd.output(ctx)
	if err != nil {
		return "", fmt.Errorf("listing the compiled standard library: %w", err)
	}
	f, err := os.CreateTemp("", "spade-suite-importcfg-")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(out)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	configs[key] = f.Name()
	return f.Name(), err
}
