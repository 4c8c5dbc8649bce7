// Package dep is imported.
package dep

// Sum is computed before the program's own variables.
var Sum = sum()

func sum() (n int) {
	for i := range 100 {
		n += i
	}
	return n
}
