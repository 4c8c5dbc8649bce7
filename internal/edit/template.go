// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// A template is an expression with places for parts of the one it replaces.
type template struct {
	pieces []piece
	paren  bool // the whole needs parentheses to stand for an operand
}

// A piece is literal code or a place.
type piece struct {
	text  string
	place string // "0" to "9" or "*"; empty for literal code
	arg   bool   // the place is an argument of a call in the template
}

// placePrefix begins the names that stand for places while a template is
// parsed.
const placePrefix = "spadePlace_"

// placePattern finds string and rune literals, so as to skip them, and places.
var placePattern = regexp.MustCompile("`[^`]*`" + `|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\$[0-9*]`)

// parseTemplate returns code as a template, or why it is none.
func parseTemplate(code string) (template, error) {
	named := placePattern.ReplaceAllStringFunc(trim(code), func(found string) string {
		if found == "$*" {
			return placePrefix + "all"
		}
		if found[0] == '$' {
			return placePrefix + found[1:]
		}
		return found
	})
	if err := checkCode(named, "var _ = ", ""); err != nil {
		return template{}, err
	}
	expr, err := parser.ParseExpr(named)
	if err != nil {
		return template{}, fmt.Errorf("the code is not one Go expression: %v", err)
	}
	return cutTemplate(named, expr)
}

// cutTemplate cuts named, parsed as expr, at its places.
func cutTemplate(named string, expr ast.Expr) (template, error) {
	t := template{paren: !isOperand(expr)}
	args := map[ast.Expr]bool{}
	cut := 0
	var err error
	ast.Inspect(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, arg := range n.Args {
				args[arg] = true
			}
		case *ast.Ident:
			place, ok := strings.CutPrefix(n.Name, placePrefix)
			if !ok {
				break
			}
			if place == "all" {
				place = "*"
			}
			if place == "*" && !args[n] {
				err = errors.New("$* stands for arguments: it must be among those of a call")
			}
			at := int(n.Pos()) - 1
			t.pieces = append(t.pieces, piece{text: named[cut:at]}, piece{place: place, arg: args[n]})
			cut = at + len(n.Name)
		}
		return true
	})
	t.pieces = append(t.pieces, piece{text: named[cut:]})
	return t, err
}

// isOperand reports whether e binds at least as tightly as a call.
func isOperand(e ast.Expr) bool {
	switch e.(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.StarExpr, *ast.FuncLit, *ast.FuncType, *ast.ArrayType, *ast.ChanType, *ast.MapType:
		return false
	}
	return true
}

func (t template) usesArguments() bool {
	return slices.ContainsFunc(t.pieces, func(p piece) bool { return p.place != "" && p.place != "0" })
}

// splices returns what makes old, an expression of s, into t. Places that come
// in the order of old, each once, stay where they are; the text between them is
// replaced. Others are copied.
func (t template) splices(s *source, old ast.Expr, by string) ([]splice, error) {
	c := cutter{src: s, at: s.offset(old.Pos()), by: by, whole: len(t.pieces) == 1}
	if t.paren {
		c.text = "("
	}
	for _, p := range t.pieces {
		if p.place == "" {
			c.text += p.text
		} else if err := c.place(p, old); err != nil {
			return nil, err
		}
	}
	if t.paren {
		c.text += ")"
	}
	err := c.cut(s.offset(old.End()), s.offset(old.End()))
	return c.splices, err
}

// A cutter replaces the text between the places of an expression.
type cutter struct {
	src      *source
	at       int    // end of what is settled
	text     string // to replace what follows at
	by       string
	whole    bool // nothing of the expression stays
	afterArg bool // what ends at at is an argument of a call
	splices  []splice
}

// place settles the place p.
func (c *cutter) place(p piece, old ast.Expr) error {
	start, end, operand, err := c.src.placed(p.place, old)
	if err != nil {
		return err
	}
	open, shut := "(", ")"
	if p.arg || operand {
		open, shut = "", ""
	}
	if start < c.at {
		copied := c.src.data[start:end]
		if bytes.ContainsAny(copied, "\n\r") {
			return fmt.Errorf("$%s has several lines: it can be used once, in its order", p.place)
		}
		c.text += open + string(copied) + shut
		return nil
	}
	c.text += open
	err = c.cut(start, end)
	c.text, c.afterArg = shut, p.arg
	return err
}

// placed returns the offsets of what place stands for in old, and whether it is
// an operand.
func (s *source) placed(place string, old ast.Expr) (start, end int, operand bool, err error) {
	if place == "0" {
		return s.offset(old.Pos()), s.offset(old.End()), isOperand(old), nil
	}
	call, ok := old.(*ast.CallExpr)
	if !ok {
		return 0, 0, false, errors.New("only a call has arguments")
	}
	if place == "*" {
		if len(call.Args) == 0 {
			at := s.offset(call.Rparen)
			return at, at, true, nil
		}
		end := call.Args[len(call.Args)-1].End()
		if call.Ellipsis.IsValid() {
			end = call.Ellipsis + 3
		}
		return s.offset(call.Args[0].Pos()), s.offset(end), true, nil
	}
	i := int(place[0] - '1')
	if i >= len(call.Args) {
		return 0, 0, false, fmt.Errorf("the call has %d arguments, no $%s", len(call.Args), place)
	}
	return s.offset(call.Args[i].Pos()), s.offset(call.Args[i].End()), isOperand(call.Args[i]), nil
}

// cut replaces what is between c.at and start by c.text, and keeps what follows
// up to end.
func (c *cutter) cut(start, end int) error {
	lines := bytes.Count(c.src.data[c.at:start], []byte("\n"))
	text, ok := spread(c.text, lines, c.whole, c.afterArg)
	if !ok {
		return errors.New("matches an expression of several lines that the code can't keep: have its arguments in order in the code")
	}
	s := splice{c.at, start, text, replaces, c.by}
	if c.at == start {
		s.rank = opensExpr
		if len(c.splices) > 0 {
			s.rank = closesExpr
		}
	}
	c.splices = append(c.splices, s)
	c.at = end
	return nil
}

// spread puts lines newlines into text, where they end no statement. Text that
// is a whole expression may get parentheses; text that follows an argument may
// get a comma before its closing parenthesis.
func spread(text string, lines int, whole, afterArg bool) (string, bool) {
	if lines == 0 {
		return text, true
	}
	newlines := strings.Repeat("\n", lines)
	tokens, _ := scan([]byte(text))
	for i, l := range slices.Backward(tokens) {
		if l.lit != "\n" && i+1 < len(tokens) && continues(l.tok) {
			at := tokens[i+1].pos
			return text[:at] + newlines + text[at:], true
		}
	}
	switch last := len(tokens) - 1; {
	case whole:
		return "(" + newlines + text + ")", true
	case last >= 0 && continues(lastMeant(tokens)):
		return text + newlines, true
	case afterArg && len(tokens) > 0 && tokens[0].tok == token.RPAREN:
		return "," + newlines + text, true
	}
	return "", false
}

// lastMeant returns the last token that the end of the text did not make.
func lastMeant(tokens []lexeme) token.Token {
	for _, l := range slices.Backward(tokens) {
		if l.lit != "\n" {
			return l.tok
		}
	}
	return token.ILLEGAL
}

// continues reports whether a line may end after tok within an expression.
func continues(tok token.Token) bool {
	switch tok {
	case token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC, token.SEMICOLON:
		return false
	}
	return tok.IsOperator()
}
