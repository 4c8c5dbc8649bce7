// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// An operation is std::thread::spawn and join of a thread that ends at once. With -async it is a task: a future that is boxed, put
// into a queue, taken out and polled to its end by one thread. The standard library has nothing to run tasks with; this is the least
// that can, without other threads or timers.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

type Task = Pin<Box<dyn Future<Output = ()>>>;

async fn nothing(done: &'static std::cell::Cell<u32>) {
    done.set(done.get() + 1);
}

fn tasks(n: u32) {
    let done: &'static _ = Box::leak(Box::new(std::cell::Cell::new(0)));
    let mut queue: VecDeque<Task> = VecDeque::new();
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..n {
        queue.push_back(Box::pin(nothing(done)));
        while let Some(mut task) = queue.pop_front() {
            if let Poll::Pending = task.as_mut().poll(&mut context) {
                queue.push_back(task);
            }
        }
    }
    assert_eq!(done.get(), n);
}

fn threads(n: u32) {
    for _ in 0..n {
        std::thread::spawn(|| {}).join().expect("a thread panicked");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|a| a == "-n").expect("no -n");
    let mut n: u32 = arguments[at + 1].parse().expect("-n takes a number");
    let mut run: fn(u32) = threads;
    if arguments.iter().any(|a| a == "-async") {
        run = tasks;
        n *= 1000; // a task takes that much less
    }
    run(n.min(1000));
    let began = Instant::now();
    run(n);
    let wall = began.elapsed().as_nanos() as f64 / n as f64;
    println!("BenchmarkLanguages/start {} {:.1} ns/op", n, wall);
}
