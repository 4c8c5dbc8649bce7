// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Boxed has variables set through pointers that were in interfaces, each in another way and of another type.
package main

import (
	"reflect"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

type doer[K any] interface{ do(k K) }

type deep[K any] struct{}

//go:noinline
func (deep[K]) do(k K) { stack.Deep() }

type shallow[K any] struct{}

//go:noinline
func (shallow[K]) do(k K) {}

// Sizes differ, since the compiler makes one function of instances for types of one layout.
type (
	byAssertion [1]byte
	bySwitch    [2]byte
	byAddress   [3]byte
	byField     [4]byte
	byArgument  [5]byte
	byMethod    [6]byte
	byResult    [7]byte
	byUnsafe    [8]byte
	byMade      [9]byte
	byGeneric   [10]byte
	byPanic     [11]byte
	byFunction  [12]byte
)

var (
	asserted doer[byAssertion] = shallow[byAssertion]{}
	switched doer[bySwitch]    = shallow[bySwitch]{}
	held                       = holder{shallow[byAddress]{}}
	pointed  doer[byField]     = shallow[byField]{}
	given    doer[byArgument]  = shallow[byArgument]{}
	taken    doer[byMethod]    = shallow[byMethod]{}
	returned doer[byResult]    = shallow[byResult]{}
	hidden   doer[byUnsafe]    = shallow[byUnsafe]{}
	made     doer[byMade]      = shallow[byMade]{}
	generic  doer[byGeneric]   = shallow[byGeneric]{}
	thrown   doer[byPanic]     = shallow[byPanic]{}
	function                   = func(byFunction) {}
)

type holder struct{ Doer doer[byAddress] }

type pointer struct{ To *doer[byField] }

//go:noinline
func boxed(x any) any { return x }

func asserts() { *boxed(&asserted).(*doer[byAssertion]) = deep[byAssertion]{} }

func switches() {
	switch p := boxed(&switched).(type) {
	case *doer[bySwitch]:
		*p = deep[bySwitch]{}
	}
}

func takesAddress() {
	*reflect.ValueOf(&held).Elem().Field(0).Addr().Interface().(*doer[byAddress]) = deep[byAddress]{}
}

func readsField() {
	*reflect.ValueOf(pointer{&pointed}).Field(0).Interface().(*doer[byField]) = deep[byField]{}
}

func setGiven(p *doer[byArgument]) { *p = deep[byArgument]{} }

func gives() { reflect.ValueOf(setGiven).Call([]reflect.Value{reflect.ValueOf(&given)}) }

type Setter struct{}

func (Setter) Fill(p *doer[byMethod]) { *p = deep[byMethod]{} }

// callsMethod names the method: the linker would keep all methods otherwise, those of reflect.Value by which anything is set among them.
func callsMethod() {
	reflect.ValueOf(Setter{}).MethodByName("Fill").Call([]reflect.Value{reflect.ValueOf(&taken)})
}

func returns() *doer[byResult] { return &returned }

func readsResult() {
	*reflect.ValueOf(returns).Call(nil)[0].Interface().(*doer[byResult]) = deep[byResult]{}
}

func hides() {
	*(*doer[byUnsafe])(reflect.ValueOf(&hidden).UnsafePointer()) = deep[byUnsafe]{}
}

func makes() {
	set := reflect.MakeFunc(reflect.TypeFor[func(*doer[byMade])](), func(args []reflect.Value) []reflect.Value {
		*args[0].Interface().(*doer[byMade]) = deep[byMade]{}
		return nil
	})
	set.Interface().(func(*doer[byMade]))(&made)
}

func assertsGeneric() {
	p, _ := reflect.TypeAssert[*doer[byGeneric]](reflect.ValueOf(&generic))
	*p = deep[byGeneric]{}
}

func throws() {
	defer func() { *recover().(*doer[byPanic]) = deep[byPanic]{} }()
	panic(&thrown)
}

func setsFunction() { *boxed(&function).(*func(byFunction)) = deep[byFunction]{}.do }

// A pointer points to a pointer to a pointer.
type endless **endless

func main() {
	boxed(new(endless))
	boxed(*new(endless))
	asserts()
	switches()
	takesAddress()
	readsField()
	gives()
	callsMethod()
	readsResult()
	hides()
	makes()
	assertsGeneric()
	throws()
	setsFunction()
	go callAsserted()
	stack.Report("main.callAsserted")
	go callSwitched()
	stack.Report("main.callSwitched")
	go callHeld()
	stack.Report("main.callHeld")
	go callPointed()
	stack.Report("main.callPointed")
	go callGiven()
	stack.Report("main.callGiven")
	go callTaken()
	stack.Report("main.callTaken")
	go callReturned()
	stack.Report("main.callReturned")
	go callHidden()
	stack.Report("main.callHidden")
	go callMade()
	stack.Report("main.callMade")
	go callGeneric()
	stack.Report("main.callGeneric")
	go callThrown()
	stack.Report("main.callThrown")
	go callFunction()
	stack.Report("main.callFunction")
}

func callAsserted() { asserted.do(byAssertion{}); stack.Done <- true }
func callSwitched() { switched.do(bySwitch{}); stack.Done <- true }
func callHeld()     { held.Doer.do(byAddress{}); stack.Done <- true }
func callPointed()  { pointed.do(byField{}); stack.Done <- true }
func callGiven()    { given.do(byArgument{}); stack.Done <- true }
func callTaken()    { taken.do(byMethod{}); stack.Done <- true }
func callReturned() { returned.do(byResult{}); stack.Done <- true }
func callHidden()   { hidden.do(byUnsafe{}); stack.Done <- true }
func callMade()     { made.do(byMade{}); stack.Done <- true }
func callGeneric()  { generic.do(byGeneric{}); stack.Done <- true }
func callThrown()   { thrown.do(byPanic{}); stack.Done <- true }
func callFunction() { function(byFunction{}); stack.Done <- true }
