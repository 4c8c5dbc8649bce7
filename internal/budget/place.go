// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An ExistsError says that a file is there already.
type ExistsError struct{ File string }

func (e *ExistsError) Error() string { return e.File + " is there already" }

// Place puts data into a file in one step: whoever looks, also after a crash, finds the whole of it or what was there before. Unless
// replace is set, a file that is there is an *ExistsError, and stays.
func Place(name string, data []byte, replace bool) (err error) {
	temp, err := create(name)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone already if it was renamed
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if replace {
		return os.Rename(temp.Name(), name)
	}
	switch err := os.Link(temp.Name(), name); {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{name}
	}
	// A file system without hard links.
	if _, err := os.Lstat(name); err == nil {
		return &ExistsError{name}
	}
	return os.Rename(temp.Name(), name)
}

// create makes a file beside name, with the permissions that the user's other files get.
func create(name string) (*os.File, error) {
	dir, base := filepath.Split(name)
	for n := range 1000 {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%s.%d-%d", base, os.Getpid(), n)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s: there are a thousand files left over from other attempts to write it", name)
}
