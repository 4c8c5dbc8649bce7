// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A realProgram is a program that people use, at a fixed version, and the work it is given.
type realProgram struct {
	name string
	from []string // package@version; the first is the program, the binary of the others lie beside it
	work []step
}

// A step is one piece of work; a failed step ends the program's unit.
type step struct {
	name string
	do   func(*bench) error
}

// realPrograms are servers, batch programs and tools, at the newest versions that both supported Go versions build.
func realPrograms() []realProgram {
	return []realProgram{
		{"caddy", []string{"github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9"}, caddySteps},
		{"hugo", []string{"github.com/gohugoio/hugo@v0.165.0"}, hugoSteps},
		{"rclone", []string{"github.com/rclone/rclone@v1.75.1"}, rcloneSteps},
		{"nats-server", []string{"github.com/nats-io/nats-server/v2@v2.15.2"}, natsSteps},
		{"etcd", []string{"go.etcd.io/etcd/server/v3@v3.7.3", "go.etcd.io/etcd/etcdctl/v3@v3.7.3"}, etcdSteps},
		{"esbuild", []string{"github.com/evanw/esbuild/cmd/esbuild@v0.28.2"}, esbuildSteps},
		{"gopls", []string{"golang.org/x/tools/gopls@v0.23.0"}, goplsSteps},
		{"staticcheck", []string{"honnef.co/go/tools/cmd/staticcheck@v0.8.2"}, staticcheckSteps},
	}
}

// programUnits returns a unit per program. Its tests are build, verify and the steps of its work.
func programUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	var units []Unit
	for _, p := range realPrograms() {
		if s.wanted(p.name) {
			units = append(units, Unit{Name: p.name, Key: strings.Join(p.from, " "), Run: func(ctx context.Context, l *Lane, only []string, files string) (Results, error) {
				return p.run(ctx, s, l)
			}})
		}
	}
	return units, nil
}

// run builds the program in a lane and gives it its work. Single steps make no sense alone, so all are run always.
func (p realProgram) run(ctx context.Context, s *session, l *Lane) (Results, error) {
	steps := append([]step{
		{"build", func(b *bench) error { return p.build(b) }},
		{"verify", verifyBinary},
	}, p.work...)
	return p.runSteps(ctx, l, s, steps)
}

// runSteps does steps on a fresh bench until one fails.
func (p realProgram) runSteps(ctx context.Context, l *Lane, s *session, steps []step) (Results, error) {
	dir, err := os.MkdirTemp("", "spade-suite-")
	if err != nil {
		return Results{}, err
	}
	defer os.RemoveAll(dir)
	res := newResults()
	start := time.Now()
	b := &bench{ctx: ctx, lane: l, dir: dir, module: filepath.Join(s.store.dir, "src", "program-"+p.name), timeout: s.timeout}
	res.set(WholeUnit, Pass, "")
	for _, st := range steps {
		err := st.do(b)
		b.stopAll()
		if err != nil {
			text := fmt.Sprintf("%v\n%s", err, b.output())
			res.set(st.name, Fail, text)
			res.set(WholeUnit, Fail, "")
			if m := crashIn(text); m != "" {
				res.Crash = m
			}
			break
		}
		res.set(st.name, Pass, "")
	}
	res.Seconds = time.Since(start).Seconds()
	return res, ctx.Err()
}

// crashIn returns the first line of output that is a fatal error of the Go runtime, or "".
func crashIn(output string) string {
	for line := range strings.Lines(output) {
		if crashLine.MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

var versionSuffix = regexp.MustCompile(`/v[0-9]+$`)

// binaryName returns what the binary of a package is called here.
func binaryName(from string) string {
	path, _, _ := strings.Cut(from, "@")
	path = versionSuffix.ReplaceAllString(path, "")
	return filepath.Base(path)
}

// build makes a module that requires the program, once, and builds it with the lane's go command.
func (p realProgram) build(b *bench) error {
	if err := makeModule(b, b.module, p.from); err != nil {
		return err
	}
	for i, from := range p.from {
		path, _, _ := strings.Cut(from, "@")
		exe := filepath.Join(b.dir, binaryName(from))
		if i == 0 {
			b.exe = exe
		}
		if err := b.goBuild(b.module, exe, path); err != nil {
			return err
		}
	}
	return nil
}

// makeModule writes a module in dir whose go.mod requires packages at their versions. A finished one is left as it is.
func makeModule(b *bench, dir string, packages []string) error {
	done := filepath.Join(dir, "versions.txt")
	want := strings.Join(packages, "\n")
	if got, err := os.ReadFile(done); err == nil && string(got) == want {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o666); err != nil {
		return err
	}
	env := cleanEnv(os.Environ(), "GOTOOLCHAIN="+b.lane.Go.Name)
	if _, err := (command{Args: append([]string{"go", "get"}, packages...), Dir: dir, Env: env, Timeout: 2 * shortCommand}).output(b.ctx); err != nil {
		return err
	}
	return os.WriteFile(done, []byte(want), 0o666)
}

// verifyBinary asks spade whether the binary is its own, and expects the answer no for one built by stock.
func verifyBinary(b *bench) error {
	if b.lane.Spade == nil {
		return nil
	}
	_, err := command{Args: []string{b.lane.Spade.Command, "verify", b.exe}, Env: b.lane.buildEnv(), Timeout: time.Minute}.output(b.ctx)
	return err
}
