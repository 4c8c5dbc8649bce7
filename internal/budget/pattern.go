// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"regexp"
	"strings"
)

// A pattern says which names are meant. It is the name itself, or has wildcards: a star stands for any characters but a slash, three dots
// for any characters; a slash and three dots at the end also stand for nothing, as in patterns of the go command.
//
// A name of an entry is a pattern that matches itself, even with a (*T) or a [...] in it.
type pattern struct {
	text string
	expr *regexp.Regexp
}

func compile(text string) pattern {
	body, tree := strings.CutSuffix(text, "/...")
	var b strings.Builder
	b.WriteString(`^(?s:`)
	for body != "" {
		switch {
		case strings.HasPrefix(body, "..."):
			b.WriteString(`.*`)
			body = body[3:]
		case body[0] == '*':
			b.WriteString(`[^/]*`)
			body = body[1:]
		default:
			end := len(body)
			if i := strings.Index(body, "..."); i >= 0 {
				end = i
			}
			if i := strings.IndexByte(body, '*'); i >= 0 {
				end = min(end, i)
			}
			b.WriteString(regexp.QuoteMeta(body[:end]))
			body = body[end:]
		}
	}
	if tree {
		b.WriteString(`(/.*)?`)
	}
	b.WriteString(`)$`)
	return pattern{text, regexp.MustCompile(b.String())}
}

func (p pattern) matches(names ...string) bool {
	for _, name := range names {
		if p.expr.MatchString(name) {
			return true
		}
	}
	return false
}

// namesOf returns what a pattern may call the entry of a program: by the name of its function, and by the import path of its package.
// The functions of a main package are called main.F in the binary; they may also be called by the package's import path.
func namesOf(function, program string) []string {
	names := []string{function}
	if rest, ok := strings.CutPrefix(function, "main."); ok {
		return append(names, program+"."+rest, program, "main")
	}
	pkg := packageOf(function)
	if pkg == "" {
		return names
	}
	if plain := unescape(pkg); plain != pkg {
		names = append(names, plain+function[len(pkg):], plain)
	}
	return append(names, pkg)
}

// packageOf returns the import path in the name of a function, as the linker writes it, or "". Type arguments may have slashes too.
func packageOf(function string) string {
	head, _, _ := strings.Cut(function, "[")
	last := strings.LastIndexByte(head, '/') + 1
	dot := strings.IndexByte(head[last:], '.')
	if dot < 0 {
		return ""
	}
	return head[:last+dot]
}

// unescape undoes what the linker does to dots and other characters in the last element of an import path: %2e.
func unescape(pkg string) string {
	var b strings.Builder
	for i := 0; i < len(pkg); i++ {
		if pkg[i] == '%' && i+2 < len(pkg) {
			if hi, lo := hexDigit(pkg[i+1]), hexDigit(pkg[i+2]); hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(pkg[i])
	}
	return b.String()
}

func hexDigit(c byte) int { return strings.IndexByte("0123456789abcdef", c) }
