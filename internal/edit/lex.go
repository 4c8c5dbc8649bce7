// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"errors"
	"go/scanner"
	"go/token"
	"slices"
)

// A lexeme is a token with its spelling.
type lexeme struct {
	tok token.Token // COMMENT for a //go: line
	lit string      // spelling of names, literals and //go: lines; "" for others
	pos int         // offset in the text
}

func (l lexeme) same(other lexeme) bool { return l.tok == other.tok && l.lit == other.lit }

// scan returns the tokens of text, comments included, automatic semicolons
// included with lit "\n", and the first lexical error.
func scan(text []byte) ([]lexeme, error) {
	var first error
	report := func(_ token.Position, message string) {
		if first == nil {
			first = errors.New(message)
		}
	}
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, report, scanner.ScanComments)
	var tokens []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return tokens, first
		}
		if tok.IsOperator() && tok != token.SEMICOLON {
			lit = ""
		}
		tokens = append(tokens, lexeme{tok, lit, file.Offset(pos)})
	}
}

// lex returns the tokens of text that carry meaning: no comments but //go:
// lines, and no semicolon or comma that formatting may add or drop, so that
// two layouts of the same code give the same tokens.
func lex(text []byte) ([]lexeme, error) {
	all, err := scan(text)
	var kept []lexeme
	for _, l := range all {
		switch l.tok {
		case token.COMMENT:
			if l.lit = directive(l.lit); l.lit == "" {
				continue
			}
		case token.SEMICOLON:
			l.lit = ""
		case token.RPAREN, token.RBRACE, token.RBRACK:
			kept = trimSeparator(kept)
		}
		kept = append(kept, l)
	}
	return trimSeparator(kept), err
}

// trimSeparator removes a last semicolon or comma, which means nothing before a
// closing bracket or at the end. Directives between stay.
func trimSeparator(tokens []lexeme) []lexeme {
	i := len(tokens) - 1
	for i >= 0 && tokens[i].tok == token.COMMENT {
		i--
	}
	if i >= 0 && (tokens[i].tok == token.SEMICOLON || tokens[i].tok == token.COMMA) {
		return slices.Delete(tokens, i, i+1)
	}
	return tokens
}
