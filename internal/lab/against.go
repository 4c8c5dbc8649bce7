// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"io"
)

// A disagreement is a claim that two runs judge differently.
type disagreement struct {
	claim       claim
	here, there finding
}

// disagree returns how many claims both runs judge, and those of which the verdicts differ. That a verdict is provisional is no difference.
func (s *sheet) disagree(other *sheet) (judged int, differ []disagreement) {
	for _, c := range claims {
		if !c.begun(s) || !c.begun(other) {
			continue
		}
		judged++
		if here, there := c.judge(s), c.judge(other); here.verdict != there.verdict {
			differ = append(differ, disagreement{c, here, there})
		}
	}
	return judged, differ
}

// writeAgreement says whether two runs agree on every verdict, by Go version. It returns errIncomplete if they don't.
func writeAgreement(w io.Writer, here, there results) error {
	compared, agree := 0, true
	for _, s := range here.sheets() {
		for _, other := range there.sheets() {
			if other.version != s.version {
				continue
			}
			judged, differ := s.disagree(other)
			compared += judged
			agree = agree && len(differ) == 0
			fmt.Fprintf(w, "\n%s: %d of %d verdicts are the same in both\n", s.version, judged-len(differ), judged)
			for _, d := range differ {
				fmt.Fprintf(w, "%s %s\n    here:  %v: %s%s\n    there: %v: %s%s\n", d.claim.id, d.claim.text,
					d.here, d.here.value, d.here.why, d.there, d.there.value, d.there.why)
			}
		}
	}
	switch {
	case compared == 0:
		return fmt.Errorf("-against: no claim has samples of one Go version in both; give what whole runs have written")
	case !agree:
		return errIncomplete
	}
	return nil
}
