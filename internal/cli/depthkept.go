// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spadego/spade/internal/depth"
	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/gotool"
	jsonreport "github.com/spadego/spade/internal/report/json"
)

// keptFindings are the findings of an analysis, as spade keeps them on disk: they are the same as long as the binary is, the source, and spade
// itself. With them it keeps the record of the last analysis that read the whole source of a program, for one after an edit.
type keptFindings struct {
	cache *gotool.Cache // nil if nothing can be kept
	kind  string        // of findings
	key   string        // "" if nothing can be kept
	last  *depth.Record // or nil
}

func (c *Command) openKept(f *depthFlags) *keptFindings {
	k := &keptFindings{kind: "depth"}
	if f.funcs {
		k.kind = "frames"
	}
	k.cache, _ = gotool.OpenCache(c.getenv("SPADECACHE"))
	return k
}

// readAhead reads what does not depend on the binary. What goes wrong with the source, the analysis is going to tell.
func (k *keptFindings) readAhead(from *depth.Source, fresh bool) {
	var reading sync.WaitGroup
	defer reading.Wait()
	if k.cache != nil && from.Record && !fresh {
		reading.Go(func() { k.last = k.readRecord(from) })
	}
	from.List()
}

// findKey finds the key of the findings for a binary.
func (k *keptFindings) findKey(from *depth.Source, binary io.ReadSeeker) {
	if k.cache != nil {
		k.key, _ = k.find(from, binary)
	}
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

// recordKey returns the key of the record of the last analysis that read the whole source of a program.
func recordKey(from *depth.Source) string {
	own, err := ownSum()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "spade record 1\n%s\n%q %q %q\n", own, from.Dir, from.Flags, from.Main))
	return hex.EncodeToString(sum[:])[:40]
}

// readRecord returns the record, or nil.
func (k *keptFindings) readRecord(from *depth.Source) (record *depth.Record) {
	k.cache.Kept(recordKey(from), func(r io.Reader) (err error) {
		if record, err = depth.ReadRecord(r); err != nil {
			record = nil
		}
		return err
	})
	return record
}

// analyse analyses a binary: by the record, if there is one and it does.
func (k *keptFindings) analyse(binary io.ReaderAt, from depth.Source) (*depth.Analysis, error) {
	if k.last != nil {
		a, err := depth.AnalyseAgain(binary, from, k.last)
		if !errors.As(err, new(*depth.NewFactsError)) {
			return a, err
		}
		k.last = nil // it takes memory
	}
	return depth.Analyse(binary, from)
}

// keepRecord keeps the record of an analysis, if it made one.
func (k *keptFindings) keepRecord(from *depth.Source, a *depth.Analysis) {
	if a.Record == nil || k.key == "" {
		return
	}
	keeping, err := k.cache.Keep(recordKey(from))
	if err != nil {
		return
	}
	defer keeping.Discard()
	if a.Record.Write(keeping) == nil {
		keeping.Commit()
	}
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
