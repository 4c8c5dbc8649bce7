// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

// Numbers of fields in pprof's profile.proto.
const (
	pprofSampleType = 1
	pprofSample     = 2
	pprofMapping    = 3
	pprofLocation   = 4
	pprofFunction   = 5
	pprofString     = 6
	pprofDuration   = 10
	pprofPeriodType = 11
	pprofPeriod     = 12

	pprofSampleLocation = 1
	pprofSampleValue    = 2

	pprofMappingID    = 1
	pprofMappingStart = 2
	pprofMappingLimit = 3
	pprofMappingFile  = 5
	pprofMappingNamed = 7 // and the next three: functions, files, lines and inlined calls

	pprofLocationID      = 1
	pprofLocationMapping = 2
	pprofLocationAddress = 3
	pprofLocationLine    = 4

	pprofFunctionID   = 1
	pprofFunctionName = 2
	pprofFunctionFile = 4
	pprofFunctionLine = 5
)

// A protoWriter writes protocol buffers. The length of a message is put down in two bytes, which are left free before it.
type protoWriter struct {
	fd   int32
	used int
	data [4096]byte
}

// protoLongest is what strings are cut to.
const protoLongest = 1024

func (w *protoWriter) byte(b byte) {
	w.data[w.used] = b
	w.used++
}

// number adds a field.
//
//go:noinline
func (w *protoWriter) number(field byte, n uint64) {
	for w.byte(field << 3); n >= 0x80; n >>= 7 {
		w.byte(byte(n) | 0x80)
	}
	w.byte(byte(n))
}

// open begins a message or a string. close ends it.
//
//go:noinline
func (w *protoWriter) open(field byte) (start int) {
	w.byte(field<<3 | 2)
	w.used += 2
	return w.used
}

//go:noinline
func (w *protoWriter) close(start int) {
	n := w.used - start
	w.data[start-2], w.data[start-1] = byte(n)|0x80, byte(n>>7)
}

// pair adds a message of fields 1 and 2.
//
//go:noinline
func (w *protoWriter) pair(field byte, one, two uint64) {
	m := w.open(field)
	w.number(1, one)
	w.number(2, two)
	w.close(m)
}

// text adds a string, cut if it is too long.
//
//go:noinline
func (w *protoWriter) text(field byte, s string) {
	m := w.open(field)
	w.used += copy(w.data[w.used:][:protoLongest], s)
	w.close(m)
}

// flush writes to the file if there is not room for n bytes. No message must be open.
func (w *protoWriter) flush(n int) {
	if w.used+n > len(w.data) {
		w.fd = earlyWrite(w.fd, earlyProfileFile, w.data[:w.used])
		w.used = 0
	}
}
