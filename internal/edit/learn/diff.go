// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spadego/spade/internal/edit"
)

// showDiff writes which declarations differ between two releases.
func showDiff(w io.Writer, releases, dir string, text bool) error {
	pair := split(releases)
	if len(pair) != 2 {
		return fmt.Errorf("-diff %s: two releases are needed, such as go1.26.8,go1.27.4", releases)
	}
	older, err := resolve(pair[0])
	if err != nil {
		return err
	}
	newer, err := resolve(pair[1])
	if err != nil {
		return err
	}
	changed, total, err := compare(older, newer, dir)
	if err != nil {
		return err
	}
	for _, c := range changed {
		showChange(w, c, text)
	}
	_, err = fmt.Fprintf(w, "%d of %d declarations differ between %s and %s\n", len(changed), total, pair[0], pair[1])
	return err
}

// compare returns the changed declarations of dir, or of spade's edits if dir is
// empty, and how many there are in all.
func compare(older, newer, dir string) ([]edit.Change, int, error) {
	if dir != "" {
		return edit.DirChanges(older, newer, dir)
	}
	set, err := edit.All()
	if err != nil {
		return nil, 0, err
	}
	return set.Changes(older, newer), len(set.Decls()), nil
}

func showChange(w io.Writer, c edit.Change, text bool) {
	fmt.Fprintf(w, "%s %s: ", c.File, c.Name)
	lines := diffLines(strings.Split(c.Old, "\n"), strings.Split(c.New, "\n"))
	switch {
	case c.Old == "":
		fmt.Fprintln(w, "new")
	case c.New == "":
		fmt.Fprintln(w, "gone")
	default:
		fmt.Fprintf(w, "+%d -%d lines\n", count(lines, '+'), count(lines, '-'))
	}
	if !text {
		return
	}
	for _, line := range lines {
		if line[0] != ' ' {
			fmt.Fprintf(w, "\t%s\n", line)
		}
	}
}

func count(lines []string, sign byte) int {
	n := 0
	for _, line := range lines {
		if line[0] == sign {
			n++
		}
	}
	return n
}

// diffLines returns the lines of a and b along a longest common subsequence,
// each with a sign: - only in a, + only in b, blank in both.
func diffLines(a, b []string) []string {
	common := make([][]int, len(a)+1) // common[i][j]: length for a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var lines []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, " "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, "-"+a[i])
			i++
		default:
			lines = append(lines, "+"+b[j])
			j++
		}
	}
	return lines
}
