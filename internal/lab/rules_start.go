// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"strings"
)

// The rules of the claims about start-up. Whole processes are compared by CPU time, which other programs on the machine disturb less
// than wall time; what is between exec and main.main is known on linux/amd64 only, and for the reader.

// importsCost: the parts are that programs with imports take three times as long to main.main as the one without, or longer; where that
// is not known, the CPU time of whole processes.
func importsCost(e *readings) finding {
	const least, hello = 3 * 0.75, "Start/hello"
	small, large := e.read("Hello/plain", laneStock, unitCPU), e.read("Imports/plain", laneStock, unitCPU)
	said := []string{fmt.Sprintf("with 21 packages of the standard library a process takes %s times the CPU", large.over(small).ratio())}
	var answers []answer
	for _, name := range []string{hello, "Start/imports", "Start/cli"} {
		if !e.has(name, laneStock) || !e.has(hello, laneStock) {
			continue
		}
		total := e.read(name, laneStock, unitWall)
		said = append(said, fmt.Sprintf("%s takes %s from exec to main, initialization %s", strings.TrimPrefix(name, "Start/"), total.of(unitWall),
			e.read(name, laneStock, "init-sec").of(unitWall)))
		if name != hello {
			answers = append(answers, total.over(e.read(hello, laneStock, unitWall)).above(least))
		}
	}
	if len(answers) == 0 {
		answers = []answer{large.over(small).above(least)}
	}
	return finding{verdict: parts(answers...), value: strings.Join(said, "; ")}
}

// stripping: the parts are the share of the file, the time to start, and that a cold start takes twice as long.
func stripping(e *readings) finding {
	const plain, stripped, size = "Imports/plain", "Imports/stripped", "file-bytes"
	files := e.read(stripped, laneStock, size).over(e.read(plain, laneStock, size))
	starts := e.read(stripped, laneStock, unitCPU).over(e.read(plain, laneStock, unitCPU))
	answers := []answer{files.within(0.65, 0.8), starts.within(0.75, 0.9)}
	cold := "could not be made here"
	if e.has(plain, coldLane.Name) {
		slower := e.read(plain, coldLane.Name, unitWall).over(e.read(plain, laneStock, unitWall))
		answers = append(answers, slower.above(machines))
		cold = "takes " + slower.ratio() + " times as long"
	}
	found := finding{
		verdict: parts(answers...),
		value: fmt.Sprintf("%s becomes %s; a start takes %s times the CPU; a cold start %s", e.read(plain, laneStock, size).of(size),
			e.read(stripped, laneStock, size).of(size), starts.ratio(), cold),
	}
	if e.has("Start/cli", laneStock) && e.has("Start/cli/stripped", laneStock) {
		of := func(name, unit string) reading { return e.read(name, laneStock, unit) }
		found.value += fmt.Sprintf("; a command line of %s becomes %s, and takes %s times as long from exec to main", of("Start/cli", size).of(size),
			of("Start/cli/stripped", size).of(size), of("Start/cli/stripped", unitWall).over(of("Start/cli", unitWall)).ratio())
	}
	return found
}

// positionIndependence: it holds only if the start takes measurably less.
func positionIndependence(e *readings) finding {
	const plain, pie = "Imports/plain", "Imports/pie"
	time := e.read(pie, laneStock, unitCPU).over(e.read(plain, laneStock, unitCPU))
	faults := func(name string) reading { return e.read(name, laneStock, "minflt/op") }
	found := finding{
		verdict: fails,
		value:   fmt.Sprintf("a start takes %s times the CPU, with %.0f page faults against %.0f", time.ratio(), faults(pie).mid, faults(plain).mid),
	}
	if e.has("Start/imports", laneStock) && e.has("Start/imports/pie", laneStock) {
		stages := func(name string) string { return e.read(name, laneStock, "stages-sec").of(unitWall) }
		found.value += fmt.Sprintf("; kernel, loader and runtime take %s before the first package, against %s", stages("Start/imports/pie"), stages("Start/imports"))
	}
	if time.hi < 1 {
		found.verdict = holds
	}
	return found
}
