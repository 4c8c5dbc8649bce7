// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// An Opener finds what the arguments of spade growth name.
type Opener struct {
	Dir      string // relative names start here
	Stdin    io.Reader
	Seconds  int               // to profile a running program whose URL does not say for how long
	Progress func(line string) // takes a line for the user, without newline
}

// An InputError says which input failed.
type InputError struct {
	Name string
	Err  error
}

func (e *InputError) Error() string { return e.Name + ": " + e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// Each calls use for every input that name stands for: the file, the files below the directory, standard input for "-", a CPU
// profile of the running program for a URL. What use can't read in a directory is handed to skip; all else is an *InputError.
func (o *Opener) Each(name string, use func(name string, r io.Reader) error, skip func(name string, err error)) error {
	switch {
	case name == "-":
		return failed("standard input", use("standard input", o.Stdin))
	case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
		return failed(name, o.record(name, use))
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(o.Dir, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return failed(name, plain(err))
	}
	if !info.IsDir() {
		return failed(name, useFile(name, path, use))
	}
	return o.walk(name, path, use, skip)
}

func failed(name string, err error) error {
	if err == nil {
		return nil
	}
	return &InputError{name, err}
}

// plain drops the path from an error of package os: the user gave it, and InputError repeats it.
func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func useFile(name, path string, use func(string, io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return plain(err)
	}
	defer f.Close()
	return use(name, f)
}

// walk uses the regular files below a directory, except those whose name starts with a dot.
func (o *Opener) walk(name, root string, use func(string, io.Reader) error, skip func(string, error)) error {
	used := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && path != root {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		shown := filepath.Join(name, rel)
		if err := useFile(shown, path, use); err != nil {
			skip(shown, err)
		} else {
			used++
		}
		return nil
	})
	if err == nil && used == 0 {
		err = errors.New("the directory holds no CPU profile")
	}
	return failed(name, err)
}

// record has a running program profile itself, and reads the answer.
func (o *Opener) record(name string, use func(string, io.Reader) error) error {
	address, wait, err := profileURL(name, o.Seconds)
	if err != nil {
		return err
	}
	if wait > 0 {
		o.Progress(fmt.Sprintf("recording %v of %s", wait, address))
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait+time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		var urlErr *url.Error
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound && isGrowths(request.URL) {
		return errors.New("the program has no profile stackgrowth, since spade has not built it; its CPU profile tells as well: give the URL without a path")
	}
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 300))
		return fmt.Errorf("the server answers %s: %s", answer.Status, strings.Join(strings.Fields(string(said)), " "))
	}
	return use(name, answer.Body)
}

// profileURL completes a URL: the path of net/http/pprof's CPU profile if it has none or ends above it, and the seconds if it
// has none. wait is how long the answer takes, 0 if the URL is not of a profile that takes time.
func profileURL(name string, seconds int) (address string, wait time.Duration, err error) {
	u, err := url.Parse(name)
	if err != nil {
		return "", 0, err
	}
	if u.Host == "" {
		return "", 0, errors.New("the URL names no host")
	}
	switch strings.TrimSuffix(u.Path, "/") {
	case "":
		u.Path = "/debug/pprof/profile"
	case "/debug/pprof":
		u.Path = "/debug/pprof/profile"
	}
	query, isCPU := u.Query(), strings.HasSuffix(u.Path, "/pprof/profile")
	if !isCPU && !(isGrowths(u) && query.Has("seconds")) {
		return u.String(), 0, nil
	}
	if !query.Has("seconds") {
		query.Set("seconds", strconv.Itoa(seconds))
		u.RawQuery = query.Encode()
	}
	n, err := strconv.Atoi(query.Get("seconds"))
	if err != nil || n < 1 || n > 3600 {
		return "", 0, fmt.Errorf("seconds=%s in the URL is no number from 1 to 3600", query.Get("seconds"))
	}
	return u.String(), time.Duration(n) * time.Second, nil
}

func isGrowths(u *url.URL) bool { return strings.HasSuffix(u.Path, "/pprof/stackgrowth") }
