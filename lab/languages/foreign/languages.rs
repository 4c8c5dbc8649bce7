// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// An operation is std::thread::spawn and join of a thread that ends at once.

use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|a| a == "-n").expect("no -n");
    let n: u32 = arguments[at + 1].parse().expect("-n takes a number");
    let began = Instant::now();
    for _ in 0..n {
        std::thread::spawn(|| {}).join().expect("a thread panicked");
    }
    let wall = began.elapsed().as_nanos() as f64 / n as f64;
    println!("BenchmarkLanguages/start {} {:.1} ns/op", n, wall);
}
