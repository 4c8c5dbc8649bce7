// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

/*
Spade runs your go command on a runtime whose goroutine stacks grow in place.

	spade go build ./...     build, as go build does
	spade go test ./...      any go command; what it builds has spade's runtime
	spade env                settings for a build system that calls go itself
	spade sdk DIR            a whole Go with spade's runtime, for IDEs, Bazel and Docker
	spade verify BINARY...   was this built on spade's runtime?
	spade doctor             which Go is used, and what this machine allows
	spade diff               what spade changes in your Go's runtime
	spade growth PROFILE...  what stack growth costs a program, and who pays
	spade lab                measure spade's runtime against stock Go
	spade clean              remove what spade keeps on disk
	spade completion SHELL   what bash, fish or zsh need to complete all this
	spade version            which spade this is
	spade help [TOPIC]       this manual, or a section of it

Nothing in a program has to change. The program chooses how its stacks grow when it starts, by an environment variable:

	GOSPADE=stacks=inplace   stacks that outgrow their start move once, to a place where they grow without copying
	GOSPADE=stacks=copy      stacks grow by copying, as with stock Go
	GOSPADE=report=1         print at exit how often stacks grew
	GOSPADE=move=1,poison=1  for hunting bugs: move stacks from slot to slot, and overwrite those that are no longer used

The default is inplace. Settings are separated by commas; a setting that is not understood is reported on standard error and
ignored.

# spade go

Spade go runs the go command with the arguments that follow. The go command is the one in PATH, after go.mod, go.work and
GOTOOLCHAIN have chosen the toolchain. Spade supports Go 1.26 and 1.27, with every patch release whose runtime it knows: it
looks at the text of the declarations that it edits or relies on, and refuses a Go where one of them is unknown.

The commands build, install, list, run, test and vet get an overlay (see go help build) with spade's runtime. All others, such as
env, get, mod and generate, run as they are. Flags, GOFLAGS, workspaces, vendor directories and -C mean what they always mean.
An -overlay of yours is merged with spade's, unless both replace the same file.

Go test uses a result again only if the test ran under the same GOSPADE.

The exit code is the go command's, or one of spade's own: see spade help codes.

# spade env

	spade env [-C DIR] [-json] [NAME...]

Env prints what a build system that calls the go command itself has to set, as lines for a POSIX shell:

	eval "$(spade env)"
	make                     # or whatever calls go build, go test, go install

From then on go builds what spade go builds: binaries are the same to the byte, and share compiled packages with those of spade
go. Of the settings GOFLAGS, GOROOT, GOTOOLCHAIN and PATH those are printed that must be set. GOFLAGS holds the flags that it has
now, in the environment or by go env -w, and an -overlay; an -overlay of yours is merged into that. GOTOOLCHAIN is local. GOROOT and
PATH are printed if the Go of the directory is another one than the one in PATH, as go.mod and GOTOOLCHAIN have it.

With NAMEs, env prints their values alone, a line each, as go env does. With -json it prints an object.

The settings hold for one Go, in one place, and for this spade. Another go command ignores the overlay without a word and builds
stock programs, and nothing but spade verify tells. After an upgrade of Go or of spade run spade env again; spade clean removes the
files that GOFLAGS names. What is left of them there does no harm to spade go, which puts its own overlay in their place; plain go
then says that it can't read the overlay.

Don't start an IDE under these settings. Gopls, and other tools that read the sources which go list names, look for the files that
spade adds to the runtime in GOROOT, where they are not, and then say nothing of your package either. Give them the GOROOT that spade
sdk makes, or stock Go. Coverage of the runtime itself (-coverpkg=all, say) fails for the same reason: spade go has a way around it.

# spade sdk

	spade sdk [-link] DIR

Sdk makes DIR a complete GOROOT: a copy of the Go that is used in this directory, with spade's runtime in its source. Its go command,
DIR/bin/go, is an ordinary one that needs neither spade nor its cache. It is what to give to IDEs, to Bazel's rules_go (go_local_sdk),
and to a Docker image. With -trimpath, binaries are the same to the byte as those of spade go.

DIR must not exist, or be empty. It appears in one step, when the copy is complete and its go command has been seen to compile
spade's runtime. With -link, files that spade does not edit become hard links to those of the Go that is copied: that takes no
time and no space, but whoever edits such a file edits both.

GOROOT must not be set to another directory: the go command would build from that. The SDK's go.env says GOTOOLCHAIN=local, so a go.mod that asks for a newer Go is an error. If GOTOOLCHAIN is set in the environment or
by go env -w, that counts, and go may still switch to another, stock, Go. VERSION and go version say what they said.
spade go refuses an SDK, since there is nothing left to do.

# spade verify

	spade verify [-json] BINARY...

Verify looks for spade's marker in each binary and prints what it says: the version of spade, the edits, the version of Go and
the default strategy. Binaries of any system will do, stripped or not. The exit code is 0 only if all of them have the
marker.

# spade doctor

	spade doctor [-json]

Doctor prints which Go would be used in this directory, whether spade knows its runtime, the limits of this machine that
matter to stacks, and which strategy a program would use here, and why. The exit code is 2 if spade go build would be refused.

# spade diff

	spade diff [FILE...]

Diff prints what spade changes in the Go that is used in this directory, as a unified diff. A FILE is named as it is in the
diff, without its first element: runtime/stack.go.

# spade growth

	spade growth [flags] PROFILE...

Growth reads CPU profiles of Go programs, built by stock Go or by spade, and tells what the growth of goroutine stacks costs and who
pays for it. A PROFILE is a file, a directory (all files below it), - for standard input, or the URL of a running program that serves
net/http/pprof, which then profiles itself for ten seconds:

	spade growth cpu.pprof
	spade growth -binary ./server -html growth.html fleet/
	spade growth -base yesterday/ today/
	spade growth http://localhost:6060

The flags:

	-base PROFILE        compare with this; may be repeated, for more profiles
	-binary FILE         the program: its frame sizes tell how far stacks reach, and which frame dominates
	-json                write findings as JSON; spade growth reads them again, like a profile
	-stacks              put call stacks into the JSON as well
	-pprof FILE          write a profile of growth alone, for go tool pprof -http
	-html FILE           write a page that needs nothing else
	-top N               rows in a table (10); 0 for all
	-max-share PERCENT   exit with 3 if growth takes more of CPU than this
	-seconds N           how long a running program profiles itself (10)

Profiles are added up one after the other, so there may be thousands: memory is needed for one, and for the names of the functions
seen. In a directory, what is no CPU profile is left out, and listed.

Growth is CPU time under runtime.newstack. It is divided into unwinding the stack and adjusting what is on it, copying, allocating
the new stack and freeing the old one, growing in place (on spade's runtime), and deciding, which is what remains. Three things are kept
apart: preemption, which newstack serves too; shrinking, which the garbage collector does; and the stacks of goroutines that start and end.

It is charged to the entry of the goroutine, to the function whose check asked for more stack, and, with -binary, to the function
with the largest frame on the stack. The place of an entry is where that function begins: of a function literal in a go
statement, that is the statement; which go statement started a named function is not in a CPU profile. Goroutines of
sync.WaitGroup.Go, errgroup and iter.Pull are charged to the function that they were given.

The expected gain is all of growth and of shrinking except deciding and what is in place already. It assumes that spade has learned
which goroutines need more stack at once, and that their stacks' pages are warm. With -binary there is a lower figure too, which
assumes that none was learned: growths out of a first stack of 2 KiB remain.

Go's profiler cuts stacks at 64 calls. The entry of such a sample is taken from others if what is left of its stack was always
seen under one entry; how often that was so, and how often not, is part of the result. A profile counts samples, 100 in a second
of CPU time: the doubt given is that of chance alone. A comparison says so if chance may explain the change.

The exit code is 0, 1 for wrong arguments or an input that can't be read, or 3 above -max-share.

# spade clean

Clean removes what spade keeps on disk. It is made again when it is needed.

# spade lab

	spade lab [ARGUMENTS]

Lab measures spade's runtime against stock Go and against what people use instead, and writes reports; spade lab help tells more.

# spade completion

	spade completion bash|fish|zsh

Completion prints a script with which the shell completes spade's commands and their flags. Behind spade go the shell goes on as it
does behind go; without a completion for that, it knows the go command's subcommands. In the file that the shell reads when it starts:

	eval "$(spade completion bash)"   # ~/.bashrc
	eval "$(spade completion zsh)"    # ~/.zshrc, after compinit
	spade completion fish | source    # ~/.config/fish/config.fish

# spade help

	spade help [-man] [TOPIC]

Help prints this manual, or its section on TOPIC: the last word of the section's title. With -man it prints the manual as a man page:

	mkdir -p ~/.local/share/man/man1
	spade help -man >~/.local/share/man/man1/spade.1

# Proof

The go command says nothing when an overlay misses the file that it is meant for: it builds a stock program. So spade proves
every build. A binary that go build, go install or go test -c leaves must hold spade's marker. Where there is none to look at
(go run, go test, go build of several packages), spade has the go command compile package runtime with the same flags and
looks for the marker in that, once per combination of flags, environment and Go. A binary that fails is removed, as the go command
removes what it could not link, and the exit code is 3.

# Files

Spade keeps its files in a directory named spade in the user's cache directory, or in the directory that the environment
variable SPADECACHE names:

	overlay/   edited files, in one directory per content
	merged/    overlay files with replacements of yours
	stamp/     what the files of a Go looked like when they were edited
	proof/     combinations that were proved
	goroot/    other names of toolchains that the go command has downloaded

All of it can be removed at any time while no build is running. Compiled packages are in the go command's own cache,
beside those of stock builds; switching between the two compiles nothing twice.

# Exit codes

	0   all is well
	1   the go command failed, or did not accept flags or settings; spade go returns its code, whatever it is
	2   wrong arguments, or spade can't work here
	3   a binary or a build does not have spade's runtime

A go command that was ended by signal N gives 128+N.

# Limitations

A go command that a test or go generate starts by itself builds stock programs. Under spade go run and spade go test, GOTOOLCHAIN is
local for it too, so it can't switch to the Go that another go.mod asks for.

The toolchain is chosen by the directory. For go install PACKAGE@VERSION, and go run likewise, the go command would also look at
the go line of that package's module: if it needs a newer Go than the one in PATH, name one in GOTOOLCHAIN.

A plugin has the runtime of the program that loads it, so spade verify finds nothing in it. A program refuses plugins built with
another runtime than its own: both must be built by spade, or neither.

With -coverpkg=all and the like, spade go uses links to GOROOT instead of an overlay, and replacements of files in GOROOT in an overlay
of yours have no effect.

A stock binary that holds a binary built by spade, as a go:embed file say, passes spade verify.

Spade edits the runtime of the gc compiler only. Stacks grow in place on linux/amd64 and linux/arm64 with pages of 4 KiB; other
programs, and those built with -race, -msan or -asan, build, run and copy their stacks.
*/
package main
