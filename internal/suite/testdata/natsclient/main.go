// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Natsclient gives a NATS server some work and prints how many messages came through.
package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

func main() {
	if err := work(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func work(url string) error {
	nc, err := nats.Connect(url)
	if err != nil {
		return err
	}
	defer nc.Close()
	messages, err := fanOut(nc, url)
	if err != nil {
		return err
	}
	replies, err := requests(nc)
	if err != nil {
		return err
	}
	stream, err := throughStream(nc)
	if err != nil {
		return err
	}
	fmt.Printf("messages %d replies %d stream %d\n", messages, replies, stream)
	return nil
}

// fanOut has 50 subscribers receive 2000 messages each.
func fanOut(nc *nats.Conn, url string) (int64, error) {
	var got atomic.Int64
	for range 5 {
		c, err := nats.Connect(url)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		for range 10 {
			if _, err := c.Subscribe("news", func(*nats.Msg) { got.Add(1) }); err != nil {
				return 0, err
			}
		}
		if err := c.Flush(); err != nil {
			return 0, err
		}
	}
	for i := range 2000 {
		if err := nc.Publish("news", make([]byte, i)); err != nil {
			return 0, err
		}
	}
	for deadline := time.Now().Add(time.Minute); got.Load() < 100000 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	return got.Load(), nil
}

// requests has 20 goroutines make 100 requests each.
func requests(nc *nats.Conn) (int64, error) {
	if _, err := nc.Subscribe("echo", func(m *nats.Msg) { m.Respond(m.Data) }); err != nil {
		return 0, err
	}
	var got atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 100 {
				if m, err := nc.Request("echo", []byte("hello"), 30*time.Second); err == nil && string(m.Data) == "hello" {
					got.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return got.Load(), nil
}

// throughStream stores 500 messages and reads them back.
func throughStream(nc *nats.Conn) (int, error) {
	js, err := nc.JetStream()
	if err != nil {
		return 0, err
	}
	if _, err := js.AddStream(&nats.StreamConfig{Name: "log", Subjects: []string{"log.*"}}); err != nil {
		return 0, err
	}
	for range 500 {
		if _, err := js.Publish("log.a", []byte("line")); err != nil {
			return 0, err
		}
	}
	sub, err := js.SubscribeSync("log.a", nats.OrderedConsumer())
	if err != nil {
		return 0, err
	}
	n := 0
	for n < 500 {
		if _, err := sub.NextMsg(30 * time.Second); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
