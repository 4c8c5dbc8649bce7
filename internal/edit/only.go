// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"strings"
)

// Only carries out actions in releases of the language version lang, such as
// "go1.27", and does nothing in others. An edit whose actions are all Only for
// other versions neither needs nor hashes its declaration; Only without actions
// watches a declaration that just some versions have.
func Only(lang string, actions ...Action) Action { return only{lang, actions} }

type only struct {
	lang    string
	actions []Action
}

func (a only) String() string { return fmt.Sprintf("Only(%q, %v)", a.lang, a.actions) }

func (a only) check() error {
	if !version.IsValid(a.lang) || version.Lang(a.lang) != a.lang {
		return fmt.Errorf("%q is not a language version such as go1.27", a.lang)
	}
	for _, nested := range a.actions {
		if err := nested.check(); err != nil {
			return fmt.Errorf("%v: %w", nested, err)
		}
	}
	return nil
}

func (a only) plan(d *declaration) ([]splice, error) {
	if a.lang != d.src.lang {
		return nil, nil
	}
	var splices []splice
	for _, nested := range a.actions {
		more, err := nested.plan(d)
		if err != nil {
			return nil, err
		}
		splices = append(splices, more...)
	}
	return splices, nil
}

// concerns reports whether e has something to do in lang, or in any version if
// lang is empty.
func (e Edit) concerns(lang string) bool {
	if lang == "" || len(e.Do) == 0 {
		return true
	}
	for _, action := range e.Do {
		if o, ok := action.(only); !ok || o.lang == lang {
			return true
		}
	}
	return false
}

// release returns the version that goroot states, such as "go1.26.8", or "" if
// it states none.
func release(goroot string) string {
	text, err := os.ReadFile(filepath.Join(goroot, "VERSION"))
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(first)
}
