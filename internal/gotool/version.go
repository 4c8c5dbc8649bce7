// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spadego/spade/internal/overlay"
)

// Supported says which Go releases spade supports, for people.
const Supported = "Go 1.26 and 1.27"

// release matches the GOVERSION of a supported release. A vendor's suffix and experiments may follow: whether their runtime is
// one that we know is decided by its declarations, not by its name. Betas, release candidates and development versions of
// Go are out: what they hold changes from one day to the next.
var release = regexp.MustCompile(`^go1\.(26|27)(\.[0-9]+)?([- ].*)?$`)

// development follows the release to come in the GOVERSION of a Go that was built from a commit: go1.27-devel_0123456789.
const development = "-devel"

// A VersionError says that spade does not support a Go version.
type VersionError struct {
	Version string
	GOROOT  string
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("spade supports %s; this is %s (%s)", Supported, e.Version, e.GOROOT)
}

// An EditedError says that a Go has spade's runtime in its GOROOT: it is one that "spade sdk" has made.
type EditedError struct{ GOROOT string }

func (e *EditedError) Error() string {
	return fmt.Sprintf("%s has spade's runtime already: it was made by spade sdk", e.GOROOT)
}

// CheckVersion returns a *VersionError if spade does not support g's version, and an *EditedError if g is an SDK of spade's.
func (g *Go) CheckVersion() error {
	if m := release.FindStringSubmatch(g.Version()); m == nil || strings.HasPrefix(m[3], development) {
		return &VersionError{g.Version(), g.GOROOT()}
	}
	if _, err := os.Stat(filepath.Join(g.GOROOT(), "src", filepath.FromSlash(overlay.MarkerFile))); err == nil {
		return &EditedError{g.GOROOT()}
	}
	return nil
}
