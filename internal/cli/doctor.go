// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// A status is the verdict on one finding of spade doctor.
type status string

const (
	good    status = "ok"
	noted   status = "note"    // works, with a consequence that the detail tells
	refused status = "refused" // spade refuses to build
)

// A check is one line of spade doctor.
type check struct {
	Name   string `json:"name"`
	Status status `json:"status"`
	Detail string `json:"detail"`
}

// A diagnosis is what spade doctor prints.
type diagnosis struct {
	Checks   []check `json:"checks"`
	Builds   bool    `json:"builds"`   // spade go build would not be refused
	Strategy string  `json:"strategy"` // of a program built by spade and run here
	Why      string  `json:"why"`
}

// doctorFlags are the flags of "spade doctor".
type doctorFlags struct{ json bool }

func (f *doctorFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
}

// doctor is "spade doctor [-json]".
func (c *Command) doctor(args []string) (int, error) {
	var f doctorFlags
	rest, err := parse("doctor", f.define, args)
	if err != nil {
		return 0, err
	}
	if len(rest) > 0 {
		return 0, &usageError{"doctor", "takes no arguments but -json"}
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	d := diagnosis{Builds: true}
	d.Checks = append(checkTool(t), checkHost(c.getenv("GOSPADE"))...)
	for _, check := range d.Checks {
		d.Builds = d.Builds && check.Status != refused
	}
	d.Strategy, d.Why = chooseStrategy(c.getenv("GOSPADE"), thisHost())
	code := exitOK
	if !d.Builds {
		code = exitUsage
	}
	if f.json {
		return code, c.printJSON(d)
	}
	d.write(c.Stdout)
	return code, nil
}

func (d diagnosis) write(w io.Writer) {
	for _, c := range d.Checks {
		fmt.Fprintf(w, "%-8s %-22s %s\n", c.Status, c.Name, strings.ReplaceAll(c.Detail, "\n", "\n"+strings.Repeat(" ", 32)))
	}
	fmt.Fprintf(w, "\nstacks: %s: %s\n", d.Strategy, d.Why)
	if !d.Builds {
		fmt.Fprintf(w, "spade go build would be refused.\n")
	}
}

// checkTool looks at what spade go build needs.
func checkTool(t *gotool.Tool) []check {
	g, err := gotool.Resolve(t.Dir, "", t.Env, t.Stderr)
	if err == nil {
		err = g.CheckVersion()
	}
	if err != nil {
		return []check{refusal("go", err)}
	}
	checks := []check{{"go", good, fmt.Sprintf("%s, GOROOT %s", g.Version(), g.GOROOT())}}
	if note := g.TargetNote(); note != "" {
		checks = append(checks, check{"target", noted, note})
	}
	if g.InModcache() {
		checks = append(checks, check{"GOROOT", noted, "lies in the module cache, where go overlays nothing: used by another name"})
	}
	if unknown := t.Edits.Verify(g.GOROOT()); len(unknown) > 0 {
		return append(checks, check{"declarations", refused, "this Go is not one that spade knows:\n" + strings.Join(unknown, "\n")})
	}
	checks = append(checks, check{"declarations", good, fmt.Sprintf("those that spade edits or relies on are known; they are in %d files", len(t.Edits.Stock))})
	if err := t.Prepare(g); err != nil {
		return append(checks, refusal("cache", err))
	}
	return append(checks, check{"cache", good, t.Cache.Dir()})
}

// refusal makes a check of an error that keeps spade from building.
func refusal(name string, err error) check {
	next, _ := advice(err)
	return check{name, refused, strings.TrimSpace(err.Error() + "\n" + next)}
}

// chooseStrategy returns the strategy that a program built by spade uses on h, and why: what the runtime decides when it starts.
func chooseStrategy(gospade string, h host) (strategy, why string) {
	var asked string
	for _, setting := range strings.Split(gospade, ",") {
		if value, found := strings.CutPrefix(setting, "stacks="); found {
			asked = value
		}
	}
	switch {
	case asked == "copy":
		return "copy", "GOSPADE asks for it"
	case !h.slots:
		return "copy", fmt.Sprintf("stacks grow in place on linux/amd64 and linux/arm64; this is %s/%s", h.goos, h.goarch)
	case h.pageSize != slotPage:
		return "copy", fmt.Sprintf("stacks grow in place where pages have %d bytes; here they have %d", slotPage, h.pageSize)
	case h.rationed != "":
		return "copy", h.rationed + " leaves no room for slots; goroutines still start on what their kind needs, up to 32 KiB"
	}
	return "inplace", cmp.Or(map[bool]string{true: "GOSPADE asks for it"}[asked == "inplace"], "it is the default, and nothing here stands against it")
}
