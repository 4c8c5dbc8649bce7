// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/spadego/spade/examples/internal/sidebyside"
)

// A load is what the clients do.
type load struct {
	Requests    int // over connections that are kept
	Connections int // over a new connection each
	Callers     int // at the same time
}

// limits of the load. A new connection takes a local port, of which a system has about 28,000 a minute for one server.
const limits = "1 to 1,000 callers, up to 10,000,000 requests and 20,000 connections, and one of either at least"

// fault says what is wrong with the load, or returns "".
func (l load) fault() string {
	switch {
	case l.Callers < 1 || l.Callers > 1000:
		return fmt.Sprintf("%s (%d callers)", limits, l.Callers)
	case l.Requests < 0 || l.Requests > 10_000_000:
		return fmt.Sprintf("%s (%d requests)", limits, l.Requests)
	case l.Connections < 0 || l.Connections > 20_000:
		return fmt.Sprintf("%s (%d connections)", limits, l.Connections)
	case l.Requests+l.Connections == 0:
		return limits + " (none of either)"
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
	server := &http.Server{Handler: shop()}
	go server.Serve(listener)
	defer server.Close()

	calls := caller{url: "http://" + listener.Addr().String() + "/orders", body: exampleOrder()}
	warm := load{Requests: min(l.Requests, 500), Connections: min(l.Connections, 50), Callers: l.Callers}
	if err := warm.put(ctx, calls); err != nil {
		return sidebyside.Measurement{}, err
	}
	return sidebyside.Stretch(l.Requests+l.Connections, func() error { return l.put(ctx, calls) })
}

// put makes all calls of the load, first those over kept connections.
func (l load) put(ctx context.Context, calls caller) error {
	kept := &http.Transport{MaxIdleConnsPerHost: l.Callers, DisableCompression: true}
	defer kept.CloseIdleConnections()
	if err := sidebyside.Share(ctx, l.Callers, l.Requests, calls.through(kept)); err != nil {
		return err
	}
	fresh := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	return sidebyside.Share(ctx, l.Callers, l.Connections, calls.through(fresh))
}

// A caller sends the same order again and again.
type caller struct {
	url  string
	body []byte
}

func (c caller) through(transport *http.Transport) func(context.Context) error {
	client := &http.Client{Transport: transport}
	return func(ctx context.Context) error { return c.call(ctx, client) }
}

func (c caller) call(ctx context.Context, client *http.Client) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(c.body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer example")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		return fmt.Errorf("the service answered %s: %s", response.Status, text)
	}
	var answer receipt
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Cents != 4*1999+2*250 {
		return errors.New("the service can't add up")
	}
	return nil
}

// exampleOrder returns an order in JSON, a little over 1 KB.
func exampleOrder() []byte {
	thread := comment{Author: "Kim", Text: "Thanks & bye."}
	for i := range 6 {
		thread = comment{Author: fmt.Sprintf("Person %d", i), Text: "Does it come in <green>?", Answers: []comment{thread}}
	}
	body, err := json.Marshal(order{
		Customer: "Ann Example",
		Lines: []item{
			{Article: "spade", Quantity: 4, Cents: 1999, Options: map[string]string{"handle": "ash", "blade": "forged"}},
			{Article: "seeds", Quantity: 2, Cents: 250},
		},
		Comments: []comment{thread, {Author: "Lee", Text: "Please leave it at the door."}},
	})
	if err != nil {
		panic(err) // the types above can be encoded
	}
	return body
}
