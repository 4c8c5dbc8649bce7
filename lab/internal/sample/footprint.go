// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import "fmt"

// A Footprint is the memory of the process at one moment, in bytes.
type Footprint struct {
	Resident int64 // pages
	Tables   int64 // page tables
	Reserved int64 // address space, with memory behind it or not
	Mappings int   // pieces that the kernel has it in
}

// Look returns what the process has now.
func Look() (Footprint, error) {
	f, err := look()
	if err != nil {
		return f, fmt.Errorf("memory of this process: %w", err)
	}
	return f, nil
}

// Held is the memory that nobody else can have.
func (f Footprint) Held() int64 { return f.Resident + f.Tables }
