// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package metrics

// spadeDesc describes the metrics of spade's runtime, sorted by name.
var spadeDesc = []Description{
	{"/spade/goroutines/stack-size:bytes", "Distribution of the sizes of goroutine stacks: live goroutines, the runtime's own included, by the bytes that their stacks have room for. They run on while they are counted.", KindFloat64Histogram, false},
	{"/spade/slots/discarded:bytes", "Bytes of address space in slots whose pages were given back to the operating system.", KindUint64, true},
	{"/spade/slots/free:slots", "Slots that no goroutine uses and whose pages are kept.", KindUint64, false},
	{"/spade/slots/reserved:bytes", "Address space reserved for slots.", KindUint64, false},
	{"/spade/slots/resident:bytes", "Bytes of slots that were touched and not given back, an upper bound of what is resident.", KindUint64, false},
	{"/spade/slots/starts:goroutines", "Goroutines started in a slot.", KindUint64, true},
	{"/spade/slots/unneeded:goroutines", "Goroutines started in a slot that ended without needing more than 8 KiB of stack. An estimate: one in 64 is looked at, and counts for 64.", KindUint64, true},
	{"/spade/slots/used:slots", "Slots in use.", KindUint64, false},
	{"/spade/stack/copied:bytes", "Bytes copied to grow or shrink stacks.", KindUint64, true},
	{"/spade/stack/growths-copied:growths", "Growths of goroutine stacks by copying.", KindUint64, true},
	{"/spade/stack/growths-inplace:growths", "Growths of goroutine stacks in place.", KindUint64, true},
	{"/spade/stack/growths:growths", "Growths of goroutine stacks.", KindUint64, true},
	{"/spade/stack/inplace:enabled", "1 if stacks grow in place, 0 if they grow by copying.", KindUint64, false},
	{"/spade/stack/kept:bytes", "Bytes of free stacks kept for later use, beside those that a P has at hand.", KindUint64, false},
	{"/spade/stack/outgrown:goroutines", "Goroutines that were started with a larger stack, as others of their kind had needed it, and outgrew even that.", KindUint64, true},
}

// Description.go's init, which sorts the settings of GODEBUG in, has run: files are initialised in the order of their names.
func init() {
	i := 0
	for i < len(allDesc) && allDesc[i].Name < spadeDesc[0].Name {
		i++
	}
	allDesc = append(allDesc[:i:i], append(spadeDesc, allDesc[i:]...)...)
}
