// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package dig

import (
	"flag"
	"fmt"
	"os"
)

// Flags adds the flags that describe a shape to set, with depth bytes in Large
// frames as the default. The function returned gives the shape after parsing,
// and ends the process with status 2 when there is no such shape.
func Flags(set *flag.FlagSet, depth int) func() Shape {
	deep := set.Int("depth", depth, "how deep a deep goroutine goes, in `bytes`")
	frame := set.Int("frame", Large, "size of its frames in `bytes`: 512 or 64")
	return func() Shape {
		shape, err := Of(*deep, *frame)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", set.Name(), err)
			os.Exit(2)
		}
		return shape
	}
}

// String returns the shape as a part of a benchmark's name: "16KB", or
// "25KB/small" in small frames.
func (s Shape) String() string {
	name := fmt.Sprintf("%dB", s.Depth())
	switch depth := s.Depth(); {
	case depth%(1<<20) == 0:
		name = fmt.Sprintf("%dMB", depth>>20)
	case depth%(1<<10) == 0:
		name = fmt.Sprintf("%dKB", depth>>10)
	}
	if s.size == Small {
		name += "/small"
	}
	return name
}
