// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spadego/spade/internal/depth"
	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/gotool"
	jsonreport "github.com/spadego/spade/internal/report/json"
)

// keptFindings are the findings of an analysis, as spade keeps them on disk: they are the same as long as the binary is, the source, and spade
// itself.
type keptFindings struct {
	cache *gotool.Cache
	kind  string // of findings
	key   string // "" if nothing can be kept
}

// keptDepth returns the findings for a binary. What goes wrong with its source, the analysis is going to tell.
func (c *Command) keptDepth(kind string, from *depth.Source, binary io.ReadSeeker) *keptFindings {
	k := &keptFindings{kind: kind}
	var err error
	if k.cache, err = gotool.OpenCache(c.getenv("SPADECACHE")); err == nil {
		k.key, _ = k.find(from, binary)
	}
	return k
}

// find returns the key of the findings.
func (k *keptFindings) find(from *depth.Source, binary io.ReadSeeker) (string, error) {
	if _, err := binary.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	own, err := ownSum()
	if err != nil {
		return "", err
	}
	digest, err := from.Digest(binary)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "spade findings 1\n%s\n%s\n%s\n", k.kind, own, digest))
	return hex.EncodeToString(sum[:])[:40], nil
}

// ownSum returns a hash of this spade.
func ownSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// replay hands the findings to h, and reports whether there are any.
func (k *keptFindings) replay(h finding.Handler) (found bool, err error) {
	if k.key == "" {
		return false, nil
	}
	return k.cache.Kept(k.key, func(r io.Reader) error {
		return errors.Join(finding.Replay(r, h.Handle), h.Flush())
	})
}

// record lets emit hand findings to a handler that adds to h what is kept of them, if good says that they hold.
func (k *keptFindings) record(h finding.Handler, emit func(finding.Handler) error, good func() bool) error {
	if k.key == "" {
		return emit(h)
	}
	keeping, err := k.cache.Keep(k.key)
	if err != nil {
		return emit(h) // another time
	}
	defer keeping.Discard()
	r := &recorder{out: jsonreport.New(keeping)}
	if err := emit(finding.Tee{h, r}); err != nil {
		return err
	}
	if r.err == nil && good() {
		keeping.Commit()
	}
	return nil
}

// A recorder writes findings until that fails, which is no error: they are not kept then.
type recorder struct {
	out *jsonreport.Writer
	err error
}

func (r *recorder) Handle(m finding.Message) error {
	if r.err == nil {
		r.err = r.out.Handle(m)
	}
	return nil
}

func (r *recorder) Flush() error { return nil }
