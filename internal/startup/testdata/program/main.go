// Program does in its initialization what a program may do there, and checks that it comes out right.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"example.com/program/dep"
)

var (
	pause = wait(20 * time.Millisecond)

	// The compiler puts the code of a function that is inlined in the place of the call.
	list = inlined(200_000)

	// A literal with more than 25 elements, and a value of each kind.
	table = map[string]int{
		"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 10, "k": 11, "l": 12, "m": 13,
		"n": 14, "o": 15, "p": 16, "q": 17, "r": 18, "s": 19, "t": 20, "u": 21, "v": 22, "w": 23, "x": 24, "y": 25, "z": 26,
		"aa": 27, "bb": len(os.Args),
	}
	first, second = pair()
	_             = deep(10_000)
	objects       = allocate(1000)
	callers       = trace()
	caught        = catch()
	function      = func() int { return len(list) }()
)

func wait(d time.Duration) time.Time {
	time.Sleep(d)
	return time.Now()
}

func inlined(n int) []int {
	list := []int{}
	for i := range n {
		list = append(list, i)
	}
	return list
}

func pair() (string, error) { return strings.Repeat("x", 1000), nil }

// deep makes the stack grow.
func deep(n int) int {
	if n == 0 {
		return 0
	}
	var space [64]byte
	space[n%64] = byte(n)
	return deep(n-1) + int(space[n%64]) - int(byte(n))
}

//go:noinline
func allocate(n int) []*[100]byte {
	objects := make([]*[100]byte, n)
	for i := range objects {
		objects[i] = new([100]byte)
	}
	return objects
}

// trace collects garbage, which looks at the stack, and tells who called.
func trace() string {
	runtime.GC()
	var pcs [20]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs[:])])
	var names []string
	for {
		frame, more := frames.Next()
		names = append(names, frame.Function)
		if !more {
			return strings.Join(names, " ")
		}
	}
}

func catch() (caught string) {
	defer func() { caught = fmt.Sprint(recover()) }()
	var list []int
	return fmt.Sprint(list[len(os.Args)])
}

func init() {
	for range 7 {
		done := make(chan bool)
		go func() { close(done) }()
		<-done
	}
}

func init() {
	for range 100 {
		os.Getppid()
	}
}

func init() {
	if len(list) != 200_000 || list[199_999] != 199_999 || function != len(list) || table["z"] != 26 || len(table) != 28 ||
		len(first) != 1000 || second != nil || len(objects) != 1000 || dep.Sum != 4950 {
		panic("a variable does not have its value")
	}
	if !strings.HasSuffix(callers, "main.trace main.init runtime.doInit1 runtime.doInit runtime.main runtime.goexit") {
		panic("called by " + callers)
	}
	if !strings.Contains(caught, "index out of range") {
		panic(caught)
	}
	switch os.Getenv("PROGRAM") {
	case "exit":
		fmt.Fprintln(os.Stderr, "no such setting")
		os.Exit(7)
	case "panic":
		panic("on purpose")
	case "hang":
		time.Sleep(time.Hour)
	case "arguments":
		if len(os.Args) != 3 || os.Args[1] != "-x" || os.Args[2] != "two words" {
			panic(fmt.Sprintf("%q", os.Args))
		}
	}
}

func main() {
	os.WriteFile(os.Getenv("MAIN"), []byte("main.main was run"), 0o666)
	_ = pause
}
