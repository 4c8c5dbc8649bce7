// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/term"
)

// sdkFlags are the flags of "spade sdk".
type sdkFlags struct{ link bool }

func (f *sdkFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.link, "link", false, "")
}

// sdk is "spade sdk [-link] DIR".
func (c *Command) sdk(args []string) (int, error) {
	var f sdkFlags
	dirs, err := parse("sdk", f.define, args)
	if err != nil {
		return 0, err
	}
	if len(dirs) != 1 || dirs[0] == "" {
		return 0, &usageError{"sdk", "name one directory, for the SDK"}
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	start := time.Now()
	shown := newProgress(c.Stderr, "copying")
	sdk, err := t.SDK(ctx, dirs[0], f.link, shown.update)
	shown.end()
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(c.Stdout, "%s: %s with spade's runtime, %d files, %s, made in %.1f s\n",
		sdk.Dir, sdk.Go, sdk.Files, amount(uint64(sdk.Size)), time.Since(start).Seconds())
	fmt.Fprintf(c.Stdout, "Its go command is %s; it needs no spade.\n", filepath.Join(sdk.Dir, "bin", "go"))
	return exitOK, nil
}

// A progress shows on a terminal, in one line, how far a piece of work has got.
type progress struct {
	terminal io.Writer // nil: none
	what     string
	last     time.Time
}

func newProgress(w io.Writer, what string) *progress {
	p := &progress{what: what}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal = w
	}
	return p
}

// update shows done bytes of all, if the line is old enough.
func (p *progress) update(done, all int64) {
	const redraw = 100 * time.Millisecond
	if p.terminal == nil || done < all && time.Since(p.last) < redraw {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.terminal, "\r\x1b[Kspade: %s: %d%% of %s", p.what, 100*done/max(all, 1), amount(uint64(all)))
	if done == all {
		fmt.Fprintf(p.terminal, "; compiling the runtime")
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.terminal != nil {
		fmt.Fprint(p.terminal, "\r\x1b[K")
	}
}
