// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"

	"github.com/spadego/spade/internal/gotool"
)

// version is "spade version".
func (c *Command) version(args []string) (int, error) {
	if len(args) > 0 {
		return 0, &usageError{"version", "takes no arguments"}
	}
	edits, err := gotool.RuntimeEdits()
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(c.Stdout, "spade %s, edits %s, for %s; built with %s for %s/%s\n",
		ownVersion(), edits.ID, gotool.Supported, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK, nil
}

// released matches the versions that name a release, and not a moment in between.
var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`)

// ownVersion returns the version of this spade: a release, or "devel". It becomes part of every binary that spade builds, so it
// must not change from commit to commit: each change costs users a build of everything.
func ownVersion() string {
	info, ok := debug.ReadBuildInfo()
	if ok && released.MatchString(info.Main.Version) {
		return info.Main.Version
	}
	return "devel"
}
