// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// The report at exit: GOSPADE=report, report=FILE or report=json:FILE
//
// First the counts, in JSON by the names of the metrics, then a line for each entry and go site. Each line is put together in
// a buffer and written at once: several processes may append to the same file. The exit hook that does it runs on the goroutine
// that ends the program, where allocating would be allowed; it allocates nothing.
//
// All programs link this, so it is made small: text and JSON differ in what is printed between the figures.

var (
	// spadeReport: print the report at exit.
	spadeReport bool
	// reportFile is where to; "" is standard error.
	reportFile string
	reportJSON bool
	reportLine [4096]byte // longer lines are cut
	reportUsed int
)

// reportRows is how many entries the table shows. JSON has all of them.
const reportRows = 40

// reportColumns are the figures of growthBucket.n: names in JSON, and the first number that is too wide for the column of the table.
var reportColumns = [...]struct {
	name  string
	limit uint64
}{{"started", 1e10}, {"startedInSlot", 1e9}, {"growths", 1e9}, {"copiedBytes", 1e13}, {"largestStackBytes", 1e11}, {"highWaterBytes", 1e11}}

const reportHead = "spade:    started   in slot   growths        copied     stack ≤  high water  entry, go site\n"

// reportSetting takes the value of GOSPADE's report.
//
//go:noinline
func reportSetting(value string) {
	spadeReport = value != "0"
	stackNotes = spadeReport
	reportFile = value
	if before, file := spadeCut(value, ':'); before == "json" {
		reportFile, reportJSON = file, true
	} else if len(value) > 5 && value[len(value)-5:] == ".json" {
		reportJSON = true
	} else if len(value) == 1 {
		reportFile = ""
	}
}

// spadePrintReport prints the report. It is an exit hook.
func spadePrintReport() {
	if stackPaints {
		noteLive()
	}
	fd := int32(2)
	if reportFile != "" {
		copy(reportLine[:len(reportLine)-1], reportFile)
		if fd = reportOpen(&reportLine[0]); fd < 0 {
			fd = 2
			print("spade: GOSPADE: can't write the report to ", reportFile, "; here it is\n")
		}
	}
	end := reportHead
	if reportJSON {
		before := "{`"
		for i := 1; i < len(spadeMetricNames); i++ {
			reportText(before)
			reportText(spadeMetricNames[i])
			reportText("`:")
			reportNumber(spadeMetric(i), 0)
			before = ",`"
		}
		end = "}\n"
	} else {
		reportTotals()
	}
	for n := 0; ; n++ {
		reportText(end)
		write(uintptr(fd), unsafe.Pointer(&reportLine[0]), int32(reportUsed))
		reportUsed = 0
		b := reportNext()
		if b == nil || n == reportRows && !reportJSON {
			break
		}
		end = reportEntry(b)
	}
	if reportJSON && stackPaints {
		reportStacks(fd)
	}
}

// reportTotals adds the counts, in words.
func reportTotals() {
	gp := getg()
	gp.writebuf = reportLine[:0]
	c := stackCountsRead()
	reserved, opened := slotReserved()
	strategy := "copy"
	if slotsOn {
		strategy = "inplace"
	}
	print("spade: stacks=", strategy, "\n",
		"spade: growths ", spadeMetric(11), ": ", c.inplace, " in place, ", c.copies, " copied; ",
		c.shrinks, " shrunk by copying; ", c.copied, " bytes copied\n",
		"spade: goroutines started in a slot ", c.starts, "\n",
		"spade: slots ", spadeMetric(7), " used, ", spadeMetric(2), " free; ", spadeMetric(4), " bytes touched, ", opened, " open, ",
		reserved, " reserved, ", spadeMetric(1), " given back\n")
	reportUsed = len(gp.writebuf)
	gp.writebuf = nil
}

// reportNext returns the entry whose growths cost the most, roughly, of those that it did not return before; nil if there is none.
func reportNext() (next *growthBucket) {
	most := uint64(0)
	for i := range growthTable {
		for b := growthAt(growthTable[i]); b != nil; b = growthAt(b.next) {
			if w := b.n[noteCopied] + b.n[noteGrowths]*64 + b.n[noteStarted] + 1; b.what == growthEntry && !b.done && w > most {
				next, most = b, w
			}
		}
	}
	if next != nil {
		next.done = true
	}
	return next
}

// reportEntry prints an entry's line up to its end, which it returns.
func reportEntry(b *growthBucket) string {
	before, entry, site, colon, end := "spade:", "  ", " ", ":", "\n"
	if reportJSON {
		before, entry, site, colon, end = "{`", ",`entry`:`", "`,`goSite`:`", "`,`goLine`:", "}\n"
	}
	for i := range reportColumns {
		c := &reportColumns[i]
		reportText(before)
		limit := c.limit
		before = ""
		if reportJSON {
			reportText(c.name)
			reportText("`:")
			before, limit = ",`", 0
		}
		reportNumber(b.n[i], limit)
	}
	file, line := funcline1(findfunc(b.site), b.site-1, false)
	reportText(entry)
	reportText(funcname(findfunc(b.entry)))
	reportText(site)
	reportText(file)
	reportText(colon)
	reportNumber(uint64(line), 0)
	return end
}

// reportText adds s to the line. In JSON, ` stands for the quotes around names, and what is in a name is escaped.
//
//go:noinline
func reportText(s string) {
	for i := range len(s) {
		c := s[i]
		if reportJSON {
			if c == '"' || c == '\\' {
				reportByte('\\')
			}
			if c == '`' {
				c = '"'
			}
		}
		reportByte(c)
	}
}

// reportNumber adds n, after as many spaces as make it as wide as the number before limit.
//
//go:noinline
func reportNumber(n, limit uint64) {
	for ; limit > max(n, 9); limit /= 10 {
		reportByte(' ')
	}
	var digits [20]byte
	reportText(string(itoa(digits[:], n)))
}

// reportByte adds c to the line.
//
//go:noinline
func reportByte(c byte) {
	if reportUsed < len(reportLine) {
		reportLine[reportUsed] = c
		reportUsed++
	}
}
