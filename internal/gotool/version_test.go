// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckVersion(t *testing.T) {
	for version, want := range map[string]bool{
		"go1.26":                     true,
		"go1.26.8":                   true,
		"go1.27.0":                   true,
		"go1.27.14":                  true,
		"go1.27.4 X:nodwarf5":        true,
		"go1.27.4-X:nodwarf5":        true,
		"go1.26.8-vendor1":           true,
		"go1.26.8 (Vendor 1.26.8-1)": true,
		"go1.25.9":                   false,
		"go1.28.0":                   false,
		"go1.2":                      false,
		"go1.260.1":                  false,
		"go1.27rc1":                  false,
		"go1.26beta1":                false,
		"devel go1.27-0123456789":    false,
		"go1.27-devel_0123456789":    false,
		"gccgo-go1.26":               false,
	} {
		g := &Go{Env: map[string]string{"GOVERSION": version, "GOROOT": "/some/go"}}
		err := g.CheckVersion()
		if (err == nil) != want {
			t.Errorf("%s: error %v, want supported: %v", version, err, want)
			continue
		}
		if want {
			continue
		}
		var refused *VersionError
		if !errors.As(err, &refused) {
			t.Errorf("%s: error of type %T, want *VersionError", version, err)
		}
		for _, part := range []string{Supported, version, "/some/go"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not mention %q", version, err, part)
			}
		}
	}
}
