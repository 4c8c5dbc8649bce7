// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"io"
	"strings"
)

// An opinion is a finding of one Go version.
type opinion struct {
	version string
	finding
}

// opinions returns what the samples of each Go version say of the claim. Versions that say the same of it, values included, are
// one.
func (c claim) opinions(sheets []*sheet) []opinion {
	var list []opinion
	for _, s := range sheets {
		found := c.judge(s)
		if last := len(list) - 1; last >= 0 && list[last].finding == found {
			list[last].version += ", " + s.version
			continue
		}
		list = append(list, opinion{s.version, found})
	}
	return list
}

// summary returns the verdicts of all Go versions in a few words.
func summary(opinions []opinion) string {
	var words []string
	same := true
	for _, o := range opinions {
		same = same && o.finding.String() == opinions[0].finding.String()
		words = append(words, o.version+": "+o.finding.String())
	}
	if same && len(opinions) > 0 {
		return opinions[0].finding.String()
	}
	return strings.Join(words, "; ")
}

// writeClaims writes the verdict on each claim as Markdown.
func writeClaims(w io.Writer, r results) error {
	sheets := r.sheets()
	var page strings.Builder
	page.WriteString("# Claims, measured\n\n" +
		"What public articles claim about goroutine stacks, starts, channels, escapes and start-up, and what this machine says to it.\n" +
		"[articles.md](articles.md) names the articles and what spade has for each statement. `spade lab report` writes this page from\n" +
		"the samples of `spade lab run`; a verdict is one of: holds, holds partly, does not hold, undecided (the samples don't tell),\n" +
		"not measured here (the machine lacks something). Times that an article gives are taken to hold within a factor of two, since\n" +
		"its machine is not known; ratios and counts within a third.\n")
	for _, s := range sheets {
		fmt.Fprintf(&page, "\n%s: %s.\n", s.version, s.setting.people())
	}
	page.WriteString("\n| | claim | verdict |\n|---|---|---|\n")
	for _, c := range claims {
		fmt.Fprintf(&page, "| %s | %s | %s |\n", c.id, markdown(c.text), summary(c.opinions(sheets)))
	}
	for _, c := range claims {
		c.section(&page, c.opinions(sheets))
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// section writes all that there is to say of a claim.
func (c claim) section(page *strings.Builder, opinions []opinion) {
	fmt.Fprintf(page, "\n## %s: %s\n\n%s (%s)\n\n", c.id, summary(opinions), markdown(c.text), c.from)
	for _, o := range opinions {
		fmt.Fprintf(page, "- %s: %s", o.version, o)
		for _, more := range []string{o.value, o.why} {
			if more != "" {
				fmt.Fprintf(page, "; %s", markdown(more))
			}
		}
		page.WriteString("\n")
	}
	if c.rest != "" {
		fmt.Fprintf(page, "- %s\n", markdown(c.rest))
	}
	for _, command := range c.commands() {
		fmt.Fprintf(page, "- `%s`\n", command)
	}
}

// markdown returns text with what has a meaning in Markdown made plain.
func markdown(text string) string {
	return strings.NewReplacer("|", `\|`, "_", `\_`, "*", `\*`, "<", "&lt;", "{", `\{`).Replace(text)
}

// people returns the setting as a sentence.
func (s setting) people() string {
	var words []string
	for _, key := range s.keys {
		words = append(words, key+" "+s.values[key])
	}
	if len(words) == 0 {
		return "nothing is known of the machine"
	}
	return strings.Join(words, ", ")
}
