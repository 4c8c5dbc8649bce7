// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/overlay"
)

// A Tool runs go commands on spade's runtime.
type Tool struct {
	Cache   *overlay.Cache
	Edits   Edits
	Fault   *Fault   // nil: stacks keep their checks, and Edits are those of RuntimeEdits; else those of FaultEdits
	Retain  bool     // Edits are those of RetainEdits
	Version string   // spade's own
	Dir     string   // absolute; the directory that the user runs in
	Env     []string // the user's environment
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// The strategies that spade's runtime has, and the one that it uses unless GOSPADE names another.
const (
	Strategies      = "copy+inplace"
	DefaultStrategy = "inplace"
)

// A plan is a go command line that is ready to run on spade's runtime.
type plan struct {
	inv     invocation
	goTool  *Go
	overlay *overlay.Overlay
	json    string   // the file for -overlay: overlay's own, or one merged with the user's
	env     []string // for the go command
	cache   *overlay.Cache
	command
	toolexec []string // the flag of that name, of a fault build
	hints    string   // for spadeHints in the runtime
}

// plan resolves the go command for inv and makes the overlay for it.
func (t *Tool) plan(inv invocation) (*plan, error) {
	g, err := Resolve(t.Dir, inv.chdir, t.Env, t.Stderr)
	if err != nil {
		return nil, err
	}
	if err := g.CheckVersion(); err != nil {
		return nil, err
	}
	if err := checkCompiler(g, &inv); err != nil {
		return nil, err
	}
	p := &plan{inv: inv, goTool: g, cache: t.Cache, env: setEnv(t.Env, "GOTOOLCHAIN", "local")}
	goroot, err := t.usableRoot(g)
	if err != nil {
		return nil, err
	}
	if set, found := lookupEnv(t.Env, "GOROOT"); goroot != g.GOROOT() || found && set != goroot {
		p.env = setEnv(p.env, "GOROOT", goroot) // a new name, or go has switched to another toolchain than the user's GOROOT
	}
	p.chooseCommand(goroot)
	if err := t.useFault(p, goroot); err != nil {
		return nil, err
	}
	if p.overlay, err = t.ensure(g, goroot); err != nil {
		return nil, err
	}
	if p.json, err = t.mergeUser(p, goroot); err != nil {
		return nil, err
	}
	return p, t.useShadow(p, goroot)
}

// Prepare makes the overlay for g, as a build does.
func (t *Tool) Prepare(g *Go) error {
	goroot, err := t.usableRoot(g)
	if err == nil {
		_, err = t.ensure(g, goroot)
	}
	return err
}

// usableRoot returns a name of g's GOROOT whose files the go command is willing to overlay.
func (t *Tool) usableRoot(g *Go) (string, error) {
	if !g.InModcache() {
		return g.GOROOT(), nil
	}
	return t.elsewhere(g)
}

// elsewhere gives a GOROOT in the module cache another name.
func (t *Tool) elsewhere(g *Go) (string, error) {
	if overlay.Below(t.Cache.Dir(), g.Env["GOMODCACHE"]) {
		return "", &CacheInModcacheError{t.Cache.Dir(), g.Env["GOMODCACHE"]}
	}
	return t.Cache.Elsewhere(g.GOROOT(), g.Version(), func(copyTo string, why error) {
		fmt.Fprintf(t.Stderr, "spade: copying %s to %s, since a symbolic link can't be made (%v)\n", g.GOROOT(), copyTo, why)
	})
}

// A CacheInModcacheError says that spade's cache directory is in a place that the go command refuses to overlay.
type CacheInModcacheError struct{ Dir, GOMODCACHE string }

func (e *CacheInModcacheError) Error() string {
	return fmt.Sprintf("spade's cache directory %s lies in the module cache %s, where go overlays nothing", e.Dir, e.GOMODCACHE)
}

// ensure makes the overlay for the edited runtime of goroot.
func (t *Tool) ensure(g *Go, goroot string) (*overlay.Overlay, error) {
	return t.Cache.Ensure(overlay.Source{
		GOROOT:    goroot,
		GOVERSION: g.Version(),
		Marker:    t.marker(g),
		Stock:     t.Edits.Stock,
		Edit:      func() (map[string][]byte, error) { return t.Edits.Apply(goroot) },
	})
}

func (t *Tool) marker(g *Go) overlay.Marker {
	return t.retainMarker(t.faultMarker(overlay.Marker{
		Spade: t.Version, Edits: t.Edits.ID, Go: g.Version(), Default: DefaultStrategy, Kind: Strategies,
	}))
}

// mergeUser returns the overlay file to use: the user may have one, on the command line or in GOFLAGS.
func (t *Tool) mergeUser(p *plan, goroot string) (string, error) {
	user, err := p.userOverlay()
	if err != nil || user == "" {
		return p.overlay.JSON, err
	}
	var reserved []string
	for _, name := range t.Edits.Stock {
		reserved = append(reserved, filepath.Join(goroot, "src", filepath.FromSlash(name)))
	}
	return t.Cache.Merge(p.overlay, user, p.goTool.Dir, reserved)
}

func (p *plan) userOverlay() (string, error) {
	if p.inv.overlay != nil {
		return *p.inv.overlay, nil
	}
	user, _, err := p.goTool.standing("overlay")
	return user, err
}

// A CompilerError says that a build is to use a compiler whose runtime spade does not edit.
type CompilerError struct{ Compiler string }

func (e *CompilerError) Error() string {
	return fmt.Sprintf("spade edits the runtime of the gc compiler; this build asks for -compiler=%s", e.Compiler)
}

func checkCompiler(g *Go, inv *invocation) error {
	compiler, found, err := g.setting(inv, "compiler")
	if found && compiler != "gc" {
		return &CompilerError{compiler}
	}
	return err
}

// args returns the command line for the go command.
func (p *plan) args() []string {
	own, inv := p.linkerFlags()
	return inv.with(append(p.ownFlags(), own...)...)
}

func lookupEnv(env []string, name string) (value string, found bool) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value, found = v, true // the last one counts
		}
	}
	return value, found
}

func setEnv(env []string, name, value string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(e string) bool { return strings.HasPrefix(e, name+"=") })
	return append(env, name+"="+value)
}

// isDir reports whether path is a directory, links followed.
func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
