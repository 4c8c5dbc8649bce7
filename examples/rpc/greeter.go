// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The service is written by hand, as protoc would generate it, with a message
// type that the protobuf module has ready.

const greetMethod = "/spade.example.Greeter/Greet"

type greeter interface {
	Greet(context.Context, *wrapperspb.StringValue) (*wrapperspb.StringValue, error)
}

var greeterService = grpc.ServiceDesc{
	ServiceName: "spade.example.Greeter",
	HandlerType: (*greeter)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Greet", Handler: greetHandler}},
}

func greetHandler(service any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
	request := new(wrapperspb.StringValue)
	if err := decode(request); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return service.(greeter).Greet(ctx, request)
	}
	info := &grpc.UnaryServerInfo{Server: service, FullMethod: greetMethod}
	return interceptor(ctx, request, info, func(ctx context.Context, request any) (any, error) {
		return service.(greeter).Greet(ctx, request.(*wrapperspb.StringValue))
	})
}

// host greets whoever calls.
type host struct{}

func (host) Greet(_ context.Context, request *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	if request.GetValue() == "" {
		return nil, errors.New("a greeting needs a name")
	}
	return wrapperspb.String("Hello, " + request.GetValue()), nil
}
