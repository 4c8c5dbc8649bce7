// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// An operation of start is pthread_create and pthread_join of a thread that ends at once; there is no switch.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *nothing(void *argument) { return argument; }

static void start(long n) {
	for (long i = 0; i < n; i++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0) {
			fprintf(stderr, "can't start thread %ld\n", i);
			exit(1);
		}
	}
}

static void add(long n) {
	volatile long sum;
	long total = 0;
	for (long i = 0; i < n; i++) {
		total += i;
		__asm__ volatile("" : "+r"(total)); // keeps the loop
	}
	sum = total;
	(void)sum;
}

int main(int count, char **arguments) {
	const char *mode = "start";
	long n = 10000;
	for (int i = 1; i + 1 < count; i += 2) {
		if (strcmp(arguments[i], "-mode") == 0)
			mode = arguments[i + 1];
		else if (strcmp(arguments[i], "-n") == 0)
			n = atol(arguments[i + 1]);
	}
	double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	if (strcmp(mode, "start") == 0) {
		start(n);
	} else if (strcmp(mode, "add") == 0) {
		n *= 20;
		add(n);
	} else {
		fprintf(stderr, "no mode %s in C\n", mode);
		return 2;
	}
	wall = now(CLOCK_MONOTONIC) - wall;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("BenchmarkLanguages/%s %ld %.4g ns/op %.4g cpu-ns/op\n", mode, n, wall / n, cpu / n);
	return 0;
}
