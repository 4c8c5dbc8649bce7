// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

/*
Package lab measures what goroutine stacks cost, strategy against strategy.

Usage:

	spade lab list [-quick] [pattern]
	spade lab run [flags] [pattern]
	spade lab compare FILE...
	spade lab report [flags] FILE...

The command list prints the workloads, each a small program below lab/ of
spade's sources, or a test of them, the lanes that it runs in, and about how long
its samples take.

The command run builds each workload that is chosen once on spade's runtime, and
runs it again and again in its lanes, in turn. The pattern, a regular expression,
chooses the workloads that it matches, and those that the claims rest on whose
number it is, such as C05; fault stands for all claims about page faults in the
place of checks. Without a pattern it is all of them. The lanes are:

	copy       GOSPADE=stacks=copy, as in stock Go
	inplace    GOSPADE=stacks=inplace
	stock      (in most, others with -with) built by the stock go command
	floor      the work that no strategy can save: a shallow goroutine, and the
	           same way down and up on a stack that is deep already
	sites      (Wrapper only) inplace, with a go statement for each kind of job
	ants, gopool
	           (Pools only) stock, the work handed to that pool of goroutines
	quiet      (Spawn only) stock, without garbage collection
	cold       (Hello and Imports only) stock, the program's file not in memory
	retain     (with -with) stock, but a dead goroutine keeps a stack that it has
	           grown, up to 128 KB, as golang/go PR 80137 has it
	fault, fault-deep
	           (where a claim is about them, others and -counts with -with)
	           stacks without checks, see spade help
	poison     (Stale only) inplace, and what is left of a dead stack overwritten
	c          (Faults/signal and Languages) a program in C
	python, java, java-virtual, rust, rust-async, lua
	           (Languages only) a program in that language

Each start of a program gives one sample. The table shows medians with their 95%
confidence interval, copy ÷ inplace for CPU time (user and system) and for wall
time, and a verdict by a Mann-Whitney U test: ~ where copy and inplace don't
differ significantly. A workload's goal is the least ratio that spade promises.
Where stacks hardly grow there is nothing to gain, and inplace is set against
stock: these are the workloads Shallow and Std, the latter being benchmarks of
Go's standard library, with its own tests for a program, and those that
measure Go itself rather than a strategy. Of these a second table has figures
for each lane, such as percentiles. Memory is resident pages plus page tables,
as inplace ÷ copy. Hello and Imports are whole processes, seen from outside.

A workload named Fact is a test, which passes or fails: it reads Go's own source
or what the compiler emits. Those named Checks, Stages and Caches run under
valgrind's callgrind, and their figures are simulated. A lane that this machine
can't run, because a language or memory is missing say, is listed as skipped,
with the reason.

Below the tables stand the claims of which all experiments were run, each with
its verdict.

The command compare prints the table of samples that run has written with -o.

The command report prints it too, and writes pages. On them stands what public
articles claim about goroutine stacks, starts, channels, escapes and start-up,
each claim with its experiment, the value, a verdict and the command that
reproduces it. This makes the page docs/claims.md of spade's sources:

	spade lab run -o samples.txt && spade lab report -claims docs/claims.md samples.txt

A verdict is: holds, holds partly, does not hold, undecided (the samples don't
tell) or not measured here (the machine lacks something); it is provisional with
fewer than 6 samples, or without the lanes that a quick run leaves out. A time is taken
to be as claimed within a factor of two, a ratio or a count within a third, and a claim is
undecided where the interval has both answers. The flags of report are:

	-table
		print only the tables that compare lanes
	-only pattern
		leave out the workloads that the pattern does not match, as that of run
	-html file
		write a page for a browser, with every sample drawn and to download; it
		needs no network
	-claims file
		write the claims as Markdown
	-json file
		write samples, medians, comparisons and claims; times are in seconds,
		memory in bytes
	-against file
		say of how many claims the samples in file, of another run, have the
		same verdict, and which are the others; exit status 1 if there are any

The flags of run are:

	-n samples
		samples for each workload and lane (default 8); fewer than 6 can't
		carry a verdict
	-quick
		a fifth of the work, and 6 samples (3 of memory, 2 of what is
		simulated); without a pattern, only what the claims need and what
		is quick, and no lanes without checks: two minutes on 2 processors
	-go versions
		comma-separated Go versions to build with, such as
		go1.26.8,go1.27.4 (default: the one in use)
	-o file
		write every sample to file, in Go's benchmark format;
		benchstat -col lane file reads it
	-resume
		go on with a run that was interrupted: take the samples that the file
		of -o lacks, with the flags that it was begun with
	-json file
		write what report -json writes
	-counts
		count instructions under valgrind's callgrind instead of taking
		time, in the workloads where stacks hardly grow
	-bin directory
		run the programs in directory instead of building them
	-with lanes
		comma-separated lanes to add to workloads that compare strategies; a note
		below the table sets them against what inplace is set against
	-timeout duration
		longest time that one sample may take (default 2m)

# Exit status

It is 0 when every sample was taken, 1 when a lane crashed or the run was
interrupted, 2 when the run could not begin. A skipped lane is no crash.

# Limitations

CPU time is of the whole process during the measured part; idle processors that
look for work are in it. A busy machine shows in wider intervals and in a warning,
and can't be told from a slow program. CPU time, faults and memory are known on
linux only. Where the processor counts cycles and instructions, and the kernel
lets us see them, samples have both, of the whole process and without the kernel,
as process-cycles and process-instructions. The time of a whole process has in it
what it takes this one to start it and to see its end.
*/
package lab
