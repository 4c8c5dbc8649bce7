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
	spade depth PACKAGE      how deep each goroutine can get, and by which path
	spade check PACKAGE      do goroutines keep their budgets of stack?
	spade start PROGRAM      what a program does before main.main, and who pays for it
	spade lab                measure spade's runtime against stock Go
	spade clean              remove what spade keeps on disk
	spade completion SHELL   what bash, fish or zsh need to complete all this
	spade version            which spade this is
	spade help [TOPIC]       this manual, or a section of it

Nothing in a program has to change. The program chooses how its stacks grow when it starts, by an environment variable:

	GOSPADE=stacks=inplace   stacks that outgrow their start move once, to a place where they grow without copying
	GOSPADE=stacks=copy      stacks grow by copying, as with stock Go
	GOSPADE=report           print at exit what stacks did, by entry and go statement
	GOSPADE=growths=1        record every growth in the profile stackgrowth, not one in 64
	GOSPADE=highwater=1      for tests: measure how much stack goroutines use, and by which calls
	GOSPADE=move=1,poison=1  for hunting bugs: move stacks from slot to slot, and overwrite those that are no longer used
	GOSPADE=startprofile=FILE,starttrace=FILE
	                         a CPU profile and an execution trace of the start, from before the first init function

The default is inplace. Settings are separated by commas; a setting that is not understood is reported on standard error and
ignored.

# spade go

Spade go runs the go command with the arguments that follow. The go command is the one in PATH, after go.mod, go.work and
GOTOOLCHAIN have chosen the toolchain. Spade supports Go 1.26 and 1.27, with every patch release whose runtime it knows: it
looks at the text of the declarations that it edits or relies on, and refuses a Go where one of them is unknown.

The commands build, install, list, run, test and vet get an overlay (see go help build) with spade's runtime. All others, such as
env, get, mod and generate, run as they are. Flags, GOFLAGS, workspaces, vendor directories and -C mean what they always mean.
An -overlay of yours is merged with spade's, unless both replace the same file. If the go command in PATH is a script that sets
something and then starts the real one, it is the script that is run.

For a target where stacks can't grow in place, such as windows/amd64, build, install, run and test say so in one line on standard error.

Go test uses a result again only if the test ran under the same GOSPADE.

The exit code is the go command's, or one of spade's own: see spade help codes.

# Stacks by fault

	spade -stacks=fault go build ./...
	spade -stacks=fault-deep go test ./...

The flag stands in front of go. It is an experiment, for linux/amd64 with Linux 6.13 or later: functions have no stack check, and a
goroutine's stack is a slot of 8 MiB of address space, whose pages the kernel commits when they are touched, above a guard. With
fault, all checks are gone but those of package runtime, of what it imports, of reflect, and of functions with frames of more than
32 KiB. With fault-deep those also keep their check through which every recursion passes: a function that may call itself by static
calls, or calls a function that is not known until run time.

The first build makes a compiler and an assembler from your Go, in a minute or two, and keeps them. The go command runs them by
-toolexec, so a -toolexec of yours is refused; so are -race, -msan, -asan, other targets and other build modes than exe and pie. Cgo
works. What is compiled shares your GOCACHE with other builds, and neither uses the other's packages.

What happens at the guard: the first 256 goroutines that are alive grow in place, up to debug.SetMaxStack or 512 MiB. Another one gets
another 192 KiB, and moves to a larger slot when it comes to a function with a check, of which there are 4096. Without one, the
program ends with Go's own message of a stack overflow. Nil pointers and bad addresses do what they do in any Go program.

Such a program has no other stacks. GOSPADE=stacks=... is reported and ignored, and so is GODEBUG=asyncpreemptoff=1, since signals are
what stops a goroutine. GOSPADE=slot=16m makes slots larger or smaller, a power of two from 2m to 1024m, and GOSPADE=report=1 prints
counts at exit. The program ends with a sentence if the kernel has no MADV_GUARD_INSTALL, or refuses the address space. Spade verify
says "strategies fault(all)" or "fault(deep)" of it.

# spade env

	spade env [-C DIR] [-json] [NAME...]

Env prints what a build system that calls the go command itself has to set, as lines for a POSIX shell:

	eval "$(spade env)"
	make                     # or whatever calls go build, go test, go install

From then on go builds what spade go builds: binaries are the same to the byte, and share compiled packages with those of spade
go. Of the settings GOFLAGS, GOROOT, GOTOOLCHAIN and PATH those are printed that must be set. GOFLAGS holds the flags that it has
now, in the environment or by go env -w, and an -overlay; an -overlay of yours is merged into that. GOTOOLCHAIN is local. GOROOT and
PATH are printed if the Go of the directory is another one than the one in PATH, as go.mod and GOTOOLCHAIN have it.

A script in place of the go command is left in PATH, unless it replaces GOFLAGS: then PATH is printed, and what else the script sets
does not hold.

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
pays for it; and the profiles stackgrowth of programs built by spade, of which it tells who grew, how often and, with the growths that
were not recorded, how far. A PROFILE is a file, a directory (all files below it), - for standard input, or the URL of a running
program that serves net/http/pprof, which then profiles itself for ten seconds:

	spade growth cpu.pprof
	spade growth -binary ./server -html growth.html fleet/
	spade growth -base yesterday/ today/
	spade growth http://localhost:6060
	spade growth http://localhost:6060/debug/pprof/stackgrowth

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

# What a program reports

A program on spade's runtime tells about its stacks in three ways, and need not be changed for any of them.

The profile stackgrowth is among those of runtime/pprof, so that a program which imports net/http/pprof serves it:

	go tool pprof http://localhost:6060/debug/pprof/stackgrowth
	go tool pprof http://localhost:6060/debug/pprof/stackgrowth?seconds=30

A sample is a call stack that asked for more: the number of growths, the bytes that were copied, and the time. Its labels are entry
and gosite (the function that the goroutine started with, and the go statement), from and to (bytes of stack), and growth (copied, or in
place). One growth in 64 is recorded, and counts for 64. GOSPADE=growths=N records one in N: 1 is all of them, exactly, and 0 is none. It
takes some 400 ns to record one. Call stacks are kept up to 128 calls on amd64 and arm64, and two elsewhere; once they take 32
MiB, further ones are counted without their calls.

Always there, and of every growth, is an estimate of high-water marks: for each entry whose goroutines have outgrown 2 KiB the bytes of
stack that were in use when one of them grew the farthest, and the size that it then had. The true mark lies between. They are in the
text that the server shows at stackgrowth?debug=1, and in the profile as comments, also if growths=0:

	go tool pprof -comments http://localhost:6060/debug/pprof/stackgrowth

A goroutine that starts with more stack and does not outgrow it has it because others of its entry grew to that size, or because a hint
says so. Only under stacks=copy, where Go's average decides, may it use more than the estimate says.

The metrics whose names begin with /spade/ are listed and described by metrics.All of runtime/metrics: goroutines by the size of their
stacks, growths, bytes copied, slots, and how often a goroutine got a slot that it did not need, or outgrew a stack that was thought to
be enough. Collectors that read all of them, such as Prometheus' collectors.NewGoCollector with MetricsAll, have them.

The report comes at exit, when main returns or os.Exit is called, not after a crash:

	GOSPADE=report ./server
	GOSPADE=report=stacks.txt ./server
	GOSPADE=report=json:stacks.txt ./server

It has a line for each entry and go statement: goroutines started, how many of them in a slot, growths, bytes copied, the largest stack
that one of them had, and the high-water mark. The table has 40 lines, those that copied the most first. Files are appended to. In
JSON, which is also what a file with a name in .json gets, each line is an object: the first one has the metrics, the others are an
entry each (entry, goSite, goLine, started, startedInSlot, growths, copiedBytes, largestStackBytes, and highWaterBytes, which is 0 if
it was not measured). Starting a goroutine takes longer while that is noted. For a go statement with arguments the entry is a function that the
compiler makes, with a name that ends in .gowrap and a number.

The largest stack is an upper bound of what was used, by a factor of two or so where goroutines grew. GOSPADE=highwater=1 measures it,
to 8 bytes, for goroutines that have ended and those that have not: stacks are filled with a pattern, and the lowest word that was
overwritten counts. So the mark includes what the runtime itself puts on a stack, to preempt a goroutine say, and not the part of the
deepest frame that was never written. That makes goroutines slow to start, and is for tests. JSON then also has a line for each
call stack with which a goroutine grew: stack and entry.

# spade depth

	spade depth [flags] [PACKAGE]

Depth builds the main package PACKAGE, or the one in the current directory, on spade's runtime, and tells for each function that
goroutines may start with how deep their stacks can get, by which path, and what that means for growth:

	spade depth ./cmd/server
	spade depth -entry server.handle ./cmd/server

The flags:

	-C DIR        run in DIR, as the go command does
	-tags LIST    build tags, as for go build
	-binary FILE  build nothing: FILE was built from PACKAGE before, by spade or by stock Go
	-entry NAME   show the entries whose names contain NAME in detail: the path with the bytes of each frame, and what is unknown
	-system       show the runtime's own goroutines too
	-top N        rows in a table (20); 0 for all
	-json         write findings as JSON
	-html FILE    write a page that needs nothing else, with each entry's path as an icicle
	-funcs        show functions instead: the frame of each, beside what its source lets expect
	-fresh        analyse anew, even if what was found before still holds
	-observe      run go test or go run, and compare bounds with what goroutines did
	-write-hints  write stack hints into the source of the main module
	-margin N     with -write-hints, room above the bound, in percent of it (20)
	-diff         with -write-hints, print the difference and write nothing

Frames and direct calls are read from the binary, and the targets of indirect calls from the source. A FILE may be stripped, position
independent, linked by a C linker, or built with -trimpath; a name that ends in .test is that of a test binary. It is refused if the source is not what it was built from. Each entry has a bound in bytes,
counted from the upper end of the stack, and a status that says what the bound is:

	exact         the stack never gets deeper, and each call on the path can only go where the path says
	upper bound   the stack never gets deeper; perhaps not that deep
	lower bound   something on the way is not known, and may need more; each unknown is listed with the bytes used above it
	unbounded     functions call each other in turn; the bound is that of the first turn, and the cycle is named with its bytes a turn

A recursion may be there only because of what an interface or a function value might hold for all that is known. It is certain if it has a cycle
of calls none of which could go elsewhere, and an entry comes to it for certain if none of the calls that lead there could: then only a limit
helps. Whether such calls are made, and how often, is for the program's data to say. In JSON, a cycle that is certain has "certain":true, and
"reached":true besides if the entry comes to it for certain.

Each entry without a bound says why, and what would help: a limit on a function, or to be told what a call calls. Below the table,
what keeps entries from a bound is listed in the order in which it pays to take it out of the way, with the number of entries that each
cause keeps from one, of those that come to it for certain, of those that it alone keeps from one, and of those that have a bound once it and
all causes above it are gone.

The bound is for a goroutine that goes on: what the stack needs while the process dies is not counted, such as for a panic that no
function on the stack can recover from. Nor is the frame of an asynchronous preemption, which never makes a stack grow. Nor is what is
only done for debugging where the environment asks for it: what GODEBUG makes the runtime print, and what DEBUG_HTTP2_GOROUTINES=1 makes HTTP/2
servers and clients check, unless spade depth runs with it too.

The forecast is for a stack of 2 KiB on the runtime of stock Go that gets as deep as the bound once: how large it ends, how often it
grows, and how many bytes are copied.

What is found is kept on disk, with the binary, and answers as long as the binary is the same, and so are all files of its source and
spade itself: spade check and spade depth then take about as long as go list and go build. After an edit of the main module that does not
change what may be called by a value, a method of an interface or a go statement, what the source said of calls before still holds, and only the
packages that were edited are read: so it is for other constants, sizes, conditions, comments and order, for calls of functions by name, fmt.Println
among them, for errors that are handed on, printed or kept where others of their types were before, for fields without functions and
interfaces, for functions, and for methods that are not exported. After edits of go and defer statements, of function literals and values, of
imports, of exported methods, and after those that take away the only way by which an error or another value in an interface got somewhere, the
whole source is read. What was not used for longest goes when there are more than 2 GiB, and spade clean removes all. Findings with stale assertions are
not kept.

An analysis takes memory to save time, 5 GiB or twice what it needs, and never more than three quarters of what is free; GOGC and
GOMEMLIMIT in the environment hold instead.

With -observe, a go command follows, which is run under GOSPADE=highwater=1:

	spade depth -observe -- go test ./...

Each program that it runs is analysed, and for each first function and go statement of goroutines the stack that one of them really used is
compared with the bound, and with what a preemption may add. The runtime also records the calls with which a goroutine got deeper than
all others of its kind before, and where their frames lie, by following frame pointers. Each frame's height is compared with what the binary's
table has for it, and each call with the graph: it must be a way from the goroutine's first function, in the mode that the functions
above allow. More than a bound, a frame or a call that was not foreseen, or a goroutine that no entry is known for, is an error of the
analysis, and the exit code is 4; otherwise it is that of the go command. Frames of assembly without a frame pointer are not compared, nor
calls further up than 128 or below one whose targets are unknown; their numbers are told.

What can't be found, comments in the source of the main module may assert:

	//spade:turns 10                    above a function: at most 10 of it are on a goroutine's stack at a time
	//spade:turns 10 in pkg.(*T).M      anywhere, of any function of the program
	//spade:calls f, pkg.(*T).M         in the line of a call or go statement, or above: it calls one of these
	//spade:calls pkg.F in pkg.(*T).M   anywhere, of the calls in a function

Functions are named as depth prints them; those of the file's own package may leave its path out. An assertion on calls is for those
whose targets are unknown or only known by type, and for reflect.Value.Call. Turns are counted up to 1000, and the graph has a part
for each combination of counts: limits for which it would be too large are dropped, and reported. A bound that rests on assertions is
an upper bound; -entry lists them, and the path says where they count.

An assertion that says nothing any more is reported with file and line, and the exit code is 3: the function is in no cycle, the line has no
such call, what is called is known, or there is no function of the name. With -observe, a goroutine that gets deeper than such a bound
is reported with the assertions that it rests on, and so is a call stack with which one has grown, if it has more turns than asserted or
shows another function where a call was asserted.

A comment //spade:stack 16KB, in the line of a go statement or above it, or above a function, is a stack hint: binaries that spade go
builds start these goroutines with that stack, under stacks=copy too, with at most 32 KiB there. A hint on a function is for
goroutines that enter there, and for go statements in its package that call it by its name. A hint on a go statement is for functions
that are started there alone. Sizes are up to 4MB, and are rounded up to a power of two. Only the hints of the main module count, or of the
workspace; spade env and spade sdk know nothing of them. For stock Go they are comments. -write-hints writes them for entries with
a bound, changes those that differ, takes out those that the smallest stack makes needless, and leaves others alone. What
sync.WaitGroup.Go and the like start gets no hints: the go statement and the first function are the same for all of their callers. The
runtime tells such goroutines apart only after some have grown, and by a guess at what a closure has captured; a hint has to
hold for the first one. Where that matters, write a go statement:

	spade depth -write-hints -diff ./cmd/server

With -funcs, depth compares the frame of each function that is in the binary once with an estimate: the sizes (types.Sizeof) of what
the function's SSA form allocates, added up. It prints how far estimates are off, and where they are farthest.

Programs for linux and other systems with ELF binaries, on amd64 and arm64, can be read. The Go that builds the program must not be
newer than the one that built spade.

# spade check

	spade check [flags] [PACKAGE...]

Check compares what spade depth finds for the main packages, or the one in the current directory, with budgets and with a baseline that
are kept with the source, and fails if a budget is not kept:

	spade check -init ./cmd/server     # a first file, from today's state
	spade check ./cmd/server           # in CI
	spade check -update ./cmd/server   # today's state is the new baseline

The flags:

	-C DIR           run in DIR, as the go command does
	-tags LIST       build tags, as for go build
	-file FILE       the file of budgets; otherwise the nearest spade.json, here or above
	-findings FILE   what spade depth -json printed, instead of building and analysing; may be repeated
	-team NAME       only the budgets of this team count
	-top N           changes of a kind in the text (20); 0 for all
	-json            write findings as JSON
	-sarif FILE      write what is not kept as SARIF 2.1.0 too, for code scanning
	-init            write spade.json and its baseline, for this state to pass; with -team, as budgets of that team
	-force           with -init, replace files that are there
	-update          write the baseline

A file of budgets is JSON. An error in it, such as an unknown field, is reported with its line and column:

	{
		"version": 1,
		"budgets": [
			{"entries": "example.com/shop/...", "bytes": 16384, "growths": 3, "team": "shop"},
			{"entries": "main.serve", "bytes": 8192, "program": "example.com/shop/cmd/server", "note": "200,000 at a time"},
			{"entries": "net/http", "bytes": 65536, "status": ["exact", "upper bound", "lower bound", "unbounded"]}
		]
	}

An entry is the function that a goroutine starts with, named as spade depth prints it. The field entries is such a name, the import path
of a package, or a pattern of either: * is for any characters but slashes, ... for any characters, and /... at the end also for none. If
several match, the last one in the file counts. The field program limits a budget to programs whose import path it matches.

Bytes and growths are limits for bound and forecast. Status lists what the bound may be; without it, exact and upper bound. One that is
a lower bound or unbounded is compared with the limits too, since the stack needs at least that much. The runtime's own
goroutines have no budgets. A budget that no entry has is an error: whatever it was to limit has another name now.

The baseline, spade.baseline.json beside spade.json, is for comparison alone: the report says which entries are new, gone, worse,
better or of another status, and which functions on the path grew. A change within the budgets is no error. It is written by spade,
and has a part for each program and architecture; of each path it keeps the functions that take most, the runtime as one.

In SARIF a violation is an alert at the go statement, with the path that needs most, or the 100 largest steps of it. It has the same
fingerprint as long as the same entry breaks the same rule. Steps outside of the repository (the nearest directory with .git, or else
that of spade.json) are shown where the path left it.

Spade is a tool for go vet too. It reports what is not kept with the main package, at go statements of any package, since depth is a
property of a program; for other packages hardly anything is done, and budgets that no entry has are left to spade check. The
program is built and analysed each time, or the findings are read from a file:

	go vet -vettool=$(which spade) ./...
	go vet -vettool=$(which spade) -findings=$PWD/depth.json -team=shop ./...

It knows the flags -file, -findings and -team; files are named by absolute paths.

The exit code is 0 if all budgets are kept, 3 if not, 2 for wrong arguments or a file that can't be read, and the go command's if it
can't build a program.

# spade start

	spade start [flags] [PROGRAM] [-- ARGUMENTS]

Start measures what a program does from exec to main.main, and finds who pays for it, down to the package-level variable. PROGRAM is a
main package or its directory, which is built as go build does, or the one in the current directory; or a binary; or the JSON of
an earlier spade start. What comes after -- are the program's arguments. The program ends where main.main would begin:

	spade start ./cmd/server
	spade start -base ../v1/cmd/server ./cmd/server -- -config dev.toml
	spade start -max-total 50ms -max-package 5ms ./cmd/server   # in CI

The flags:

	-C DIR                 change to this directory first
	-tags TAGS             build tags
	-base PROGRAM          compare with this
	-json                  write findings as JSON, for -base or for spade start to read again
	-html FILE             write a page that needs nothing else, with the parts as bars in the order of time
	-pprof FILE            write a profile of the parts by the imports that bring them in, for go tool pprof -http
	-top N                 packages to show (12); 0 for all, with all that they consist of
	-n N                   runs (20)
	-cold N                runs with the program's file not in memory (5)
	-max-total DURATION    exit with 3 if it takes longer
	-max-package DURATION  exit with 3 if the initialization of a package takes longer
	-timeout DURATION      for one run (1m)
	-inittrace             take what the runtime itself tells of packages; main.main is run
	-fix NAME              initialize this variable when it is first used, if that can be shown to be safe

The time is divided at cuts, each of which belongs to what it begins: exec; the loader, ld.so, if the program needs it; stages of the
runtime; each init function; and, in packages that matter, each statement that initializes variables at package level. At a cut, code that was
put into the program's memory writes down the processor's time stamp; the file stays as it is, and no tracer is there any more. So it
works with binaries of any Go since 1.20, stripped or not. What the cuts cost is the difference from runs without them, which take
turns with the others; their time is the one that is held against -max-total. Times are means over the faster half of the runs, so
that parts add up to the whole; the spread is where eight in ten of all runs lie. In a comparison, ~ marks changes that are within it.

Other runs count: CPU time of all threads, bytes and allocations of the initializing goroutine, goroutines that are started, system calls
of all threads except the sleeps of the runtime's monitor, and page faults. Cold runs have fewer cuts, since a cut within the code has it read from disk too early: there the first stage of
the runtime stands for all of them. The shortest chain of imports says through which packages each cost comes in.

A variable whose initial value the compiler has computed takes no time, and does not appear. What the compiler does at once for several
variables counts for the first of them, and so does a variable whose code begins with a jump or an indirect call. Of a binary, variables are
found if its sources are where they were when it was built.

What is in use of the file when main.main would begin is told in bytes, not counting what is zero at first and so not in the file: of each
section, in whole pages, and of each package the code and the data that lie in such pages. Written are pages that the kernel had to copy because they were
written to. Of a stripped binary, packages are told for code only.

Starts are measured like this on linux/amd64, where a process may be traced; a container may forbid it. Elsewhere, -inittrace takes what
the runtime of any Go prints of packages under GODEBUG=inittrace=1, and says what is not seen there. The program then runs on into
main.main. It is killed when it has told of all packages that its file says it initializes or, if that can't be read, nothing for 2 s.

With -fix, a variable of the program's own module, as name, package.name or import/path.name, becomes a sync.OnceValue, and its uses
calls of that. It is left as it is, with the reasons, unless it is shown that nothing else changes: it is unexported, only read, by functions
that are no init functions, and its initializer uses no other variable and calls only functions of the module or of the standard
library that depend on their arguments alone. Then the program is built and measured beside the old one, and the tests of the
package and of those that import it are run. If the tests fail, or the package's initialization does not get faster by more than its spread
and by a hundredth of the whole, or the whole does not, the source is put back.

A program that was built by spade go profiles and traces its own start, with nothing added to it:

	GOSPADE=startprofile=start.pprof,starttrace=start.trace ./server
	go tool pprof -http : start.pprof
	go tool trace start.trace

Both begin before the first init function and end where main.main begins, or earlier if the program exits there; startms=N has them go on
for N milliseconds, and startrate=N changes the number of samples, which is 5000 in a second. They are written at their end, the trace as
it comes; a process that inherits GOSPADE writes over them. A program that starts a profile or a trace of its own ends that of the start. After a
panic there is no profile. Init functions run on the main thread, which is sampled by a timer of real time; a sample is taken if the
thread has run, and counts for the CPU time that it has used since the last one. So time that passes in waiting is in the trace, not in the
profile. The other threads are sampled at the ticks of the kernel, 100 to 1000 a second (CONFIG_HZ), whatever startrate is. On other
systems than Linux all samples come as the system's own timer has them, and count for the same time.

The exit code is 0; 1 if the program can't be built or does not get to main.main, or if -fix changes nothing; 2 for wrong arguments, or if programs can't be
measured here; or 3 above a limit.

# spade clean

Clean removes what spade keeps on disk. It is made again when it is needed.

# spade lab

	spade lab [ARGUMENTS]

Lab measures spade's runtime against stock Go and against what people use instead, judges what public articles claim about goroutine
stacks, and writes reports. With run -quick it takes about two minutes, with run alone thirty; list says what it would do, and help
tells more.

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
	3   a binary or a build does not have spade's runtime; of spade check, a budget is not kept

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
