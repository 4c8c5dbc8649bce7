// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// The go command hands the files of a package to "go tool cover" by the names that they have in GOROOT, overlay or not: it would
// instrument stock files and miss those that spade adds. So where packages that spade edits are to be covered, spade's runtime is
// not in an overlay but in a GOROOT of links.

// useShadow makes p run on such a GOROOT if it has to.
func (t *Tool) useShadow(p *plan, goroot string) error {
	covered, err := p.coveredPatterns()
	if err != nil || len(covered) == 0 {
		return err
	}
	files, err := p.overlay.Files(goroot)
	if err != nil {
		return err
	}
	edited := false
	for name := range files {
		edited = edited || slices.ContainsFunc(covered, func(pattern string) bool { return coversPackage(pattern, path.Dir(name)) })
	}
	if !edited {
		return nil
	}
	shadow, err := t.Cache.Shadow(p.overlay, goroot, p.goTool.Version())
	if err != nil {
		return err
	}
	p.env = setEnv(p.env, "GOROOT", shadow)
	p.chooseCommand(shadow)
	if p.json == p.overlay.JSON {
		p.json = "" // none
		return nil
	}
	p.json, err = p.userOverlay()
	return err
}

// coveredPatterns lists the patterns of the packages that are to be covered.
func (p *plan) coveredPatterns() ([]string, error) {
	patterns, found, err := p.goTool.setting(&p.inv, "coverpkg")
	switch {
	case err != nil:
		return nil, err
	case found:
		return strings.Split(patterns, ","), nil
	case p.inv.name == "test" && slices.ContainsFunc([]string{"cover", "covermode", "coverprofile"}, p.has):
		return p.inv.operand, nil
	}
	return nil, nil
}

// has reports whether a flag is set in any way.
func (p *plan) has(name string) bool {
	_, found, _ := p.goTool.setting(&p.inv, name)
	return found
}

// coversPackage reports whether a package pattern matches a package of the standard library.
func coversPackage(pattern, pkg string) bool {
	if pattern == "all" || pattern == "std" {
		return true
	}
	text := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, ".*")
	if prefix, found := strings.CutSuffix(text, "/.*"); found {
		text = prefix + "(/.*)?" // net/... is net as well
	}
	matched, err := regexp.MatchString("^"+text+"$", pkg)
	return err == nil && matched
}
