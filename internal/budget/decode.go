// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A SyntaxError is what is wrong with a file of budgets or a baseline, and where.
type SyntaxError struct {
	File         string
	Line, Column int // from 1; the column counts characters
	Problem      string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Problem)
}

// maxNesting is how deep values may be nested: more than any file of ours needs.
const maxNesting = 20

// A value is one of JSON's, with its place. Package encoding/json alone would not say where an unknown field is, and would
// let the last of two equal fields win.
type value struct {
	offset  int
	is      string // "an object", "a list", "a string", "a number", "true or false", "null"
	members []member
	items   []*value
	text    string // of a string, or of a number
}

type member struct {
	name   string
	offset int
	value  *value
}

// A source is the text of a file that is being read.
type source struct {
	name string
	data []byte
}

func (s *source) fault(offset int, format string, args ...any) error {
	offset = min(max(offset, 0), len(s.data))
	line, column := s.place(offset)
	return &SyntaxError{s.name, line, column, fmt.Sprintf(format, args...)}
}

func (s *source) place(offset int) (line, column int) {
	before := s.data[:offset]
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

// parse reads the whole text as one value.
func (s *source) parse() (*value, error) {
	if i := s.invalid(); i >= 0 {
		return nil, s.fault(i, "this is not UTF-8")
	}
	var whole json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(s.data, &whole); {
	case errors.As(err, &syntax):
		if len(bytes.TrimSpace(s.data)) == 0 {
			return nil, s.fault(0, "the file is empty")
		}
		return nil, s.fault(int(syntax.Offset)-1, "%s", strings.TrimPrefix(syntax.Error(), "json: "))
	case err != nil:
		return nil, s.fault(0, "%v", err)
	}
	tokens := json.NewDecoder(bytes.NewReader(s.data))
	tokens.UseNumber()
	return s.read(tokens, 0)
}

func (s *source) invalid() int {
	for i := 0; i < len(s.data); {
		r, size := utf8.DecodeRune(s.data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// next returns a token and where it starts. The decoder only tells where tokens end.
func (s *source) next(tokens *json.Decoder) (json.Token, int, error) {
	start := int(tokens.InputOffset())
	for start < len(s.data) && strings.IndexByte(" \t\r\n,:", s.data[start]) >= 0 {
		start++
	}
	t, err := tokens.Token()
	if err != nil {
		return nil, start, s.fault(start, "%v", err)
	}
	return t, start, nil
}

// read reads a value of a text that is known to be JSON.
func (s *source) read(tokens *json.Decoder, depth int) (*value, error) {
	token, start, err := s.next(tokens)
	if err != nil {
		return nil, err
	}
	v := &value{offset: start}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxNesting {
			return nil, s.fault(start, "values are nested too deep")
		}
		if t == '{' {
			v.is = "an object"
			err = s.object(tokens, v, depth)
		} else {
			v.is = "a list"
			err = s.list(tokens, v, depth)
		}
		if err != nil {
			return nil, err
		}
	case string:
		v.is, v.text = "a string", t
	case json.Number:
		v.is, v.text = "a number", t.String()
	case bool:
		v.is = "true or false"
	default:
		v.is = "null"
	}
	return v, nil
}

func (s *source) object(tokens *json.Decoder, v *value, depth int) error {
	for tokens.More() {
		key, start, err := s.next(tokens)
		if err != nil {
			return err
		}
		name := key.(string)
		if v.member(name) != nil {
			return s.fault(start, "%q is given twice", name)
		}
		one, err := s.read(tokens, depth+1)
		if err != nil {
			return err
		}
		v.members = append(v.members, member{name, start, one})
	}
	_, _, err := s.next(tokens)
	return err
}

func (s *source) list(tokens *json.Decoder, v *value, depth int) error {
	for tokens.More() {
		one, err := s.read(tokens, depth+1)
		if err != nil {
			return err
		}
		v.items = append(v.items, one)
	}
	_, _, err := s.next(tokens)
	return err
}

func (v *value) member(name string) *value {
	for _, m := range v.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// fields hands each member of an object to its reader.
func (s *source) fields(v *value, readers map[string]func(*value) error) error {
	if v.is != "an object" {
		return s.fault(v.offset, "this is %s, want an object", v.is)
	}
	for _, m := range v.members {
		read := readers[m.name]
		if read == nil {
			var known []string
			for name := range readers {
				known = append(known, name)
			}
			slices.Sort(known)
			return s.fault(m.offset, "unknown field %q; there are %s", m.name, strings.Join(known, ", "))
		}
		if err := read(m.value); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) each(v *value, read func(*value) error) error {
	if v.is != "a list" {
		return s.fault(v.offset, "this is %s, want a list", v.is)
	}
	for _, item := range v.items {
		if err := read(item); err != nil {
			return err
		}
	}
	return nil
}

// text is the reader of a string.
func (s *source) text(to *string) func(*value) error {
	return func(v *value) error {
		if v.is != "a string" {
			return s.fault(v.offset, "this is %s, want a string", v.is)
		}
		*to = v.text
		return nil
	}
}

// count is the reader of a number that is whole and not negative.
func (s *source) count(to *int64) func(*value) error {
	return func(v *value) error {
		n, err := strconv.ParseInt(v.text, 10, 64)
		if v.is != "a number" || err != nil || n < 0 {
			return s.fault(v.offset, "want a whole number, 0 or more, without a unit")
		}
		*to = n
		return nil
	}
}

// limit is like count, for a number that may be left out.
func (s *source) limit(to **int64) func(*value) error {
	return func(v *value) error {
		*to = new(int64)
		return s.count(*to)(v)
	}
}
