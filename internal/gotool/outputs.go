// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// An output is a file that the go command may have written.
type output struct {
	path    string
	certain bool // named by -o; otherwise only found where and when the go command writes its results
}

// outputs lists what the go command may have written since start. It is not asked for the names of its results, which would take as
// long as a build in which nothing has changed: what is new in the directory where they belong is looked at instead.
func (p *prover) outputs(start time.Time) []output {
	o, _, _ := p.goTool.setting(&p.inv, "o")
	switch at := inDir(p.goTool.Dir, o); {
	case p.inv.name == "install":
		return newIn(p.installDir(), start)
	case o == "":
		return newIn(p.goTool.Dir, start)
	case isDir(at):
		return newIn(at, start)
	case isRegular(at):
		return []output{{at, true}}
	}
	return nil // /dev/null, say
}

// installDir is where "go install" puts commands.
func (p *prover) installDir() string {
	if dir := p.goTool.Env["GOBIN"]; dir != "" {
		return dir
	}
	list := filepath.SplitList(p.goTool.Env["GOPATH"])
	if len(list) == 0 {
		return ""
	}
	dir := filepath.Join(list[0], "bin")
	goos, goarch := p.goTool.Env["GOOS"], p.goTool.Env["GOARCH"]
	if goos != p.goTool.Env["GOHOSTOS"] || goarch != p.goTool.Env["GOHOSTARCH"] {
		dir = filepath.Join(dir, goos+"_"+goarch)
	}
	return dir
}

// newIn lists the object files in dir that were written, or touched, since start.
func newIn(dir string, start time.Time) []output {
	const clockStep = 20 * time.Millisecond // file times are coarser than time.Now
	entries, _ := os.ReadDir(dir)
	var found []output
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		name := filepath.Join(dir, e.Name())
		if err == nil && info.ModTime().After(start.Add(-clockStep)) && isObject(name) {
			found = append(found, output{path: name})
		}
	}
	return found
}

// magics are the first bytes of ELF, Mach-O, fat Mach-O, PE and WebAssembly files and of archives.
var magics = []string{
	"\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ", "\x00asm", "!<arch>\n",
}

func isObject(name string) bool {
	start := firstBytes(name, 8)
	return slices.ContainsFunc(magics, func(m string) bool { return bytes.HasPrefix(start, []byte(m)) })
}

func firstBytes(name string, n int) []byte {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	buf := make([]byte, n)
	n, _ = f.Read(buf)
	return buf[:n]
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// mayLackRuntime reports whether the file is right without a runtime in it: the archive of a package that is no command, or a
// binary that finds its runtime in a shared library or, a plugin, in the program that loads it: which refuses a plugin with another
// runtime than its own.
func (p *prover) mayLackRuntime(o output) bool {
	const packageArchive = "!<arch>\n__.PKGDEF"
	mode, _, _ := p.goTool.setting(&p.inv, "buildmode")
	return string(firstBytes(o.path, len(packageArchive))) == packageArchive || mode == "shared" || mode == "plugin" ||
		p.isOn("linkshared")
}

// isTarget asks the go command whether file is a result of the build. It is asked only about files that look wrong, which others
// may have written at the same time.
func (p *prover) isTarget(file string) bool {
	base := strings.TrimSuffix(filepath.Base(file), ".exe")
	if len(p.inv.operand) > 0 && strings.Contains(p.inv.operand[0], "@") {
		return slices.ContainsFunc(p.inv.operand, func(operand string) bool { return installsAs(operand, base) }) // go list takes no versions
	}
	format := `{{if eq .Name "main"}}{{.ImportPath}} {{.Target}}{{end}}`
	out, err := p.list(slices.Concat([]string{"-e", "-f", format}, p.flagsFor(ofPackages), p.inv.operand)).Output()
	if err != nil {
		return true // better one failure too many
	}
	for line := range strings.Lines(string(out)) {
		importPath, target, _ := strings.Cut(strings.TrimSpace(line), " ")
		name := strings.TrimSuffix(filepath.Base(target), ".exe")
		if importPath == "command-line-arguments" {
			name = strings.TrimSuffix(path.Base(p.inv.operand[0]), ".go")
		} else if p.inv.name == "test" {
			name = path.Base(importPath) + ".test"
		}
		if importPath != "" && (name == base || target == "") {
			return true
		}
	}
	return p.inv.name == "test" && strings.HasSuffix(base, ".test")
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// installsAs reports whether the go command may install package@version under a name.
func installsAs(operand, name string) bool {
	pattern, _, _ := strings.Cut(operand, "@")
	if strings.Contains(pattern, "...") {
		return true
	}
	if majorVersion.MatchString(path.Base(pattern)) {
		pattern = path.Dir(pattern)
	}
	return path.Base(pattern) == name
}
