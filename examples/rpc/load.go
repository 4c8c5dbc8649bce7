// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"context"
	"fmt"
	"net"

	"github.com/spadego/spade/examples/internal/sidebyside"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// A load is what the callers do.
type load struct {
	Calls   int
	Callers int // at the same time, over one connection
}

// limits of the load.
const limits = "1 to 1,000 callers and 1 to 10,000,000 calls"

// fault says what is wrong with the load, or returns "".
func (l load) fault() string {
	switch {
	case l.Callers < 1 || l.Callers > 1000:
		return fmt.Sprintf("%s (%d callers)", limits, l.Callers)
	case l.Calls < 1 || l.Calls > 10_000_000:
		return fmt.Sprintf("%s (%d calls)", limits, l.Calls)
	}
	return ""
}

// measure starts the service, puts the load on it after a short warm-up, and
// stops it.
func (l load) measure() (sidebyside.Measurement, error) {
	ctx, cancel := context.WithTimeout(context.Background(), sidebyside.RoundTime)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return sidebyside.Measurement{}, err
	}
	server := grpc.NewServer()
	server.RegisterService(&greeterService, host{})
	go server.Serve(listener)
	defer server.Stop()

	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return sidebyside.Measurement{}, err
	}
	defer connection.Close()
	warm := load{Calls: min(l.Calls, 1000), Callers: l.Callers}
	if err := warm.put(ctx, connection); err != nil {
		return sidebyside.Measurement{}, err
	}
	return sidebyside.Stretch(l.Calls, func() error { return l.put(ctx, connection) })
}

// put shares the calls among the callers, and stops at the first that fails.
func (l load) put(ctx context.Context, connection *grpc.ClientConn) error {
	return sidebyside.Share(ctx, l.Callers, l.Calls, func(ctx context.Context) error { return greet(ctx, connection) })
}

func greet(ctx context.Context, connection *grpc.ClientConn) error {
	answer := new(wrapperspb.StringValue)
	if err := connection.Invoke(ctx, greetMethod, wrapperspb.String("Ann Example"), answer); err != nil {
		return err
	}
	if got := answer.GetValue(); got != "Hello, Ann Example" {
		return fmt.Errorf("the greeting was %q", got)
	}
	return nil
}
