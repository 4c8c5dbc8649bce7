// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Servers runs one of four servers and its clients in one process, over loopback, and prints what an operation costs:
//
//	servers http|grpc|nats|etcd OPERATIONS [CPUPROFILE [GROWTHS]]
//
// It writes a CPU profile, and the profile stackgrowth where there is one.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// data is a directory for what a server keeps.
var data string

func main() {
	var err error
	data, err = os.MkdirTemp("", "servers-")
	check(err)
	defer os.RemoveAll(data)
	start := map[string]func() func() error{"http": startHTTP, "grpc": startGRPC, "nats": startNATS, "etcd": startEtcd}[os.Args[1]]
	n, err := strconv.Atoi(os.Args[2])
	check(err)
	operate := start()
	run(n/10, operate) // to warm up
	if len(os.Args) > 3 {
		file, err := os.Create(os.Args[3])
		check(err)
		check(pprof.StartCPUProfile(file))
	}
	before := cpuTime()
	run(n, operate)
	fmt.Println("cpu-ns", int64(cpuTime()-before)/int64(n))
	pprof.StopCPUProfile()
	if growths := pprof.Lookup("stackgrowth"); growths != nil && len(os.Args) > 4 {
		file, err := os.Create(os.Args[4])
		check(err)
		check(growths.WriteTo(file, 0))
		check(file.Close())
	}
}

// run operates n times, from 16 clients at once.
func run(n int, operate func() error) {
	var left atomic.Int64
	left.Store(int64(n))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				check(operate())
			}
		})
	}
	all.Wait()
	runtime.GC()
}

// startHTTP serves net/http, each request on a connection of its own, as behind many a load balancer.
func startHTTP() func() error {
	listener := listen()
	mux := http.NewServeMux()
	mux.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello, %s, at %v\n", r.PathValue("name"), time.Now())
	})
	go http.Serve(listener, mux)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	url := "http://" + listener.Addr().String() + "/hello/spade"
	return func() error {
		answer, err := client.Get(url)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
}

// startGRPC serves grpc-go's own health service: unary calls.
func startGRPC() func() error {
	listener := listen()
	server := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	client := grpc_health_v1.NewHealthClient(conn)
	return func() error {
		_, err := client.Check(context.Background(), &grpc_health_v1.HealthCheckRequest{})
		return err
	}
}

// startNATS serves messages by nats-server: requests that a subscriber answers.
func startNATS() func() error {
	server, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true})
	check(err)
	go server.Start()
	if !server.ReadyForConnections(time.Minute) {
		panic("nats-server does not start")
	}
	conn, err := nats.Connect(server.ClientURL())
	check(err)
	_, err = conn.Subscribe("hello", func(m *nats.Msg) { m.Respond([]byte("Hello")) })
	check(err)
	return func() error {
		_, err := conn.Request("hello", nil, time.Minute)
		return err
	}
}

// startEtcd serves a store of keys by etcd, one member, that does not wait for its disk: puts and gets in turns.
func startEtcd() func() error {
	config := embed.NewConfig()
	config.Dir, config.LogLevel, config.UnsafeNoFsync = data, "error", true
	local := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	config.ListenClientUrls, config.AdvertiseClientUrls = local, local
	config.ListenPeerUrls, config.AdvertisePeerUrls = local, local
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	check(err)
	<-server.Server.ReadyNotify()
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{server.Clients[0].Addr().String()}, Logger: zap.NewNop()})
	check(err)
	var count atomic.Int64
	return func() error {
		key := fmt.Sprint("key", count.Add(1)/2%1000)
		if count.Load()%2 == 0 {
			_, err := client.Get(context.Background(), key)
			return err
		}
		_, err := client.Put(context.Background(), key, "value")
		return err
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	return listener
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
