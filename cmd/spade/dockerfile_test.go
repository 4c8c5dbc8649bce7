// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package main

import (
	"debug/elf"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestDockerfile does what the instructions of the example say, with a directory for each stage instead of an image, and looks at
// what the last stage holds and whether that runs. A RUN without network has none here either, if unshare may take it away, and
// no module proxy in any case.
func TestDockerfile(t *testing.T) {
	needModules(t, "../..", "../../examples/rpc")
	const file = "../../examples/docker/Dockerfile"
	b := &imageBuild{t: t, context: "../..", ignored: strings.Fields(readText(t, file+".dockerignore")), stages: map[string]*imageStage{}}
	for _, line := range dockerInstructions(readText(t, file)) {
		b.do(line)
	}
	last := b.stage
	if last.base != "scratch" {
		t.Errorf("the image is made from %s, want scratch", last.base)
	}
	user, _, _ := strings.Cut(last.user, ":")
	id, err := strconv.Atoi(user)
	if err != nil || id == 0 {
		t.Errorf("USER %s: want the number of one that is not root", last.user)
	}
	if b.offline < 2 {
		t.Errorf("%d commands have no network, want at least those that build", b.offline)
	}
	files, err := os.ReadDir(last.root)
	if err != nil || len(files) != 1 || len(last.entry) != 1 || last.entry[0] != "/"+files[0].Name() {
		t.Fatalf("the image holds %v (%v), want nothing but %q", files, err, last.entry)
	}
	program := last.at(last.entry[0])
	binary, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	if binary.Section(".interp") != nil {
		t.Errorf("%s needs a dynamic linker, which is not in the image", last.entry[0])
	}

	cmd := exec.Command(program, "-rounds", "1", "-calls", "500")
	cmd.Dir, cmd.Env = last.root, []string{}
	if inside := insideImage(last.root, last.user); inside != nil {
		cmd = exec.Command(inside[0], slices.Concat(inside[1:], last.entry, cmd.Args[1:])...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // for what starts the program
	} else if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !regexp.MustCompile(`copy +inplace`).Match(out) {
		t.Errorf("%q: %v, want a table of both strategies\n%s", cmd.Args, err, out)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// dockerInstructions returns the instructions of a Dockerfile, a line each.
func dockerInstructions(text string) (lines []string) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// An imageBuild is what docker build does, as far as the example needs it.
type imageBuild struct {
	t       *testing.T
	context string
	ignored []string // directories of the context that are left out
	stages  map[string]*imageStage
	stage   *imageStage
	offline int // commands that were run without network
}

// An imageStage is a stage that is being built. One that is FROM another goes on in the same directory.
type imageStage struct {
	*machine
	base  string // the image that it is FROM
	root  string // the directory that is / in the stage
	dir   string // WORKDIR, a path in the stage
	user  string
	entry []string
}

// at returns the place of a path of the stage.
func (s *imageStage) at(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = s.dir + "/" + path
	}
	return filepath.Join(s.root, path)
}

func (b *imageBuild) do(line string) {
	b.t.Helper()
	b.t.Log(line)
	instruction, rest, _ := strings.Cut(line, " ")
	words := strings.Fields(rest)
	switch instruction {
	case "FROM":
		b.from(words)
	case "WORKDIR":
		b.stage.dir = rest
		if err := os.MkdirAll(b.stage.at(""), 0o755); err != nil {
			b.t.Fatal(err)
		}
	case "ENV":
		for _, word := range words {
			name, value, _ := strings.Cut(word, "=")
			b.stage.env[name] = value
		}
	case "COPY":
		b.copy(words)
	case "RUN":
		b.run(words)
	case "USER":
		b.stage.user = rest
	case "ENTRYPOINT":
		if err := json.Unmarshal([]byte(rest), &b.stage.entry); err != nil {
			b.t.Fatal(err)
		}
	default:
		b.t.Fatalf("this test doesn't know the instruction %s", instruction)
	}
}

// from is "FROM IMAGE" or "FROM IMAGE AS NAME".
func (b *imageBuild) from(words []string) {
	next := &imageStage{base: words[0], dir: "/"}
	if earlier, found := b.stages[words[0]]; found {
		*next = *earlier
		next.machine = &machine{earlier.machine.dir, maps.Clone(earlier.env)}
	} else {
		next.machine = newMachine(b.t)
		next.root = next.machine.dir
	}
	if next.base == "scratch" {
		next.root = filepath.Join(next.machine.dir, "image")
		if err := os.Mkdir(next.root, 0o755); err != nil {
			b.t.Fatal(err)
		}
	}
	b.stage = next
	if len(words) == 3 {
		b.stages[words[2]] = next
	}
}

// copy is "COPY FROM... TO" or "COPY --from=STAGE FROM TO".
func (b *imageBuild) copy(words []string) {
	source := func(path string) string { return filepath.Join(b.context, path) }
	if name, found := strings.CutPrefix(words[0], "--from="); found {
		source = b.stages[name].at
		words = words[1:]
	}
	to := words[len(words)-1]
	for _, path := range words[:len(words)-1] {
		target := b.stage.at(to)
		if info, err := os.Stat(source(path)); err != nil {
			b.t.Fatal(err)
		} else if !info.IsDir() && strings.HasSuffix(to, "/") {
			target = filepath.Join(target, filepath.Base(path))
		}
		copyTree(b.t, source(path), target, b.ignored)
	}
}

// run is "RUN [--network=none] [--mount=...] COMMAND".
func (b *imageBuild) run(words []string) {
	var settings, command []string
	network := true
	for strings.HasPrefix(words[0], "--") {
		network = network && words[0] != "--network=none"
		words = words[1:]
	}
	if !network {
		b.offline++
		settings, command = []string{"GOPROXY=off"}, withoutNetwork()
	}
	line := strings.Join(words, " ")
	out, err := b.stage.machine.run(b.stage.at(""), settings, append(command, "sh", "-c", line)...)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", line, err, out)
	}
	b.t.Log(out)
}

// insideImage returns what to put in front of a command that is to see nothing but root, with /proc and /dev in it as containers have
// them, and its own processes, as a user of the image: nil if this user may not do that.
func insideImage(root, user string) []string {
	const enter = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && user=$1 && shift && exec chroot --userspec="$user" "$0" "$@"`
	for _, dir := range []string{"proc", "dev"} {
		if os.Mkdir(filepath.Join(root, dir), 0o755) != nil {
			return nil
		}
	}
	if exec.Command("unshare", "--mount", "--pid", "--fork", "chroot", "/", "true").Run() != nil {
		return nil
	}
	return []string{"unshare", "--mount", "--pid", "--fork", "sh", "-c", enter, root, user}
}

// withoutNetwork returns what to put in front of a command that is to have no network.
func withoutNetwork() []string {
	for _, command := range [][]string{{"unshare", "-n"}, {"unshare", "-r", "-n"}} {
		if exec.Command(command[0], append(command[1:], "true")...).Run() == nil {
			return command
		}
	}
	return nil
}
