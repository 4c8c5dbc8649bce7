// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"regexp"
	"strings"
)

// unitPart is what a unit's name has behind that of the package or the directory.
var unitPart = regexp.MustCompile(` (-short|\d+)$`)

// expectedIn returns why a test of a unit can't pass in a lane, "" if it can.
func expectedIn(lane, unit, test string) string {
	key := unitPart.ReplaceAllString(unit, "") + " " + test
	if why := expectedByFault[key]; why != "" && strings.HasPrefix(lane, "fault") {
		return why
	}
	return expected[key]
}

// expected has, by package and test function, the tests that can't pass on an overlay, whatever the runtime does, and why. What they are
// about is tested otherwise.
var expected = map[string]string{
	"runtime/metrics TestDocs": "it reads doc.go past any overlay, and spade's metrics are not in that; internal/slots checks that they are listed and described",

	"testing TestChdir": "it goes up from its directory by names, and a downloaded Go is used by a symbolic link, since no overlay may replace what lies below GOMODCACHE: " +
		"with GOROOT a link it fails on stock, too; in an SDK it passes",

	"internal/coverage/cfile TestCoverageApis":                   coversRuntime,
	"internal/coverage/cfile TestIssue59563TruncatedCoverPkgAll": coversRuntime,
}

const coversRuntime = "it measures the coverage of package runtime with a go command that has the overlay in GOFLAGS, and go tool cover reads no overlays; " +
	"in an SDK the tests pass, see the script testdir; through spade go coverage works, see the script coverpkg"

// expectedByFault has those that can't pass in the lanes without stack checks.
var expectedByFault = map[string]string{
	"runtime TestGCTestMoveStackOnNextCall": "it asks the next stack check to move the stack, and there is none",

	"test/fixedbugs bug513.go":      wantsRace,
	"test/fixedbugs issue20780b.go": wantsRace,
	"test/fixedbugs issue29329.go":  wantsRace,
	"test/fixedbugs issue36516.go":  wantsRace,
}

const wantsRace = "it is built with -race, which is refused together with -stacks=fault"
