// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
)

// hash returns the first 16 hex digits of a hash of what d means: its
// directives and its tokens, not its layout and comments.
func (d *declaration) hash() string {
	var b []byte
	for _, c := range d.directives() {
		b = append(b, directive(c.Text)+"\x00"...)
	}
	if top, ok := d.top.(*ast.GenDecl); ok {
		b = append(b, top.Tok.String()+"\x00"...)
		b = d.appendConstant(b, top)
	}
	sum := sha256.Sum256(appendTokens(b, d.src.text(d.node)))
	return hex.EncodeToString(sum[:8])
}

// appendTokens spells the tokens of text out: their numbers differ between Go
// releases.
func appendTokens(b, text []byte) []byte {
	tokens, _ := lex(text) // parsed already
	for _, l := range tokens {
		b = append(b, l.tok.String()...)
		b = append(b, ' ')
		b = append(b, l.lit...)
		b = append(b, 0)
	}
	return b
}

// appendConstant adds what the value of a grouped constant depends on beyond
// its own spec: its place in the group, and the spec whose expressions it
// repeats.
func (d *declaration) appendConstant(b []byte, top *ast.GenDecl) []byte {
	if top.Tok != token.CONST {
		return b
	}
	i := d.index
	for i > 0 && len(top.Specs[i].(*ast.ValueSpec).Values) == 0 {
		i--
	}
	source := top.Specs[i].(*ast.ValueSpec)
	if i < d.index {
		b = appendTokens(b, d.src.text(source))
	}
	if usesIota(source) {
		b = fmt.Appendf(b, "iota=%d\x00", d.index)
	}
	return b
}

func usesIota(spec *ast.ValueSpec) bool {
	found := false
	for _, value := range spec.Values {
		ast.Inspect(value, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "iota" {
				found = true
			}
			return !found
		})
	}
	return found
}
