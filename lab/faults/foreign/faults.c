// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// An operation is the first touch of a page without access: the signal handler, on a stack of its own, opens the page, and the
// touch is repeated.

#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum { page = 4096, most = 4096 };

static void served(int signal, siginfo_t *info, void *context) {
	(void)signal, (void)context;
	char *address = (char *)((unsigned long)info->si_addr & ~(page - 1UL));
	if (mprotect(address, page, PROT_READ | PROT_WRITE) != 0)
		_Exit(1);
}

static double seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

// From the last page to the first, as a stack grows: the kernel joins each page that is opened with the one above.
static void touch(long n) {
	while (n > 0) {
		long pages = n < most ? n : most;
		char *memory = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED) {
			perror("a mapping");
			exit(1);
		}
		for (long i = pages - 1; i >= 0; i--)
			((volatile char *)memory)[i * page] = 1;
		munmap(memory, pages * page);
		n -= pages;
	}
}

int main(int count, char **arguments) {
	long n = 100000;
	for (int i = 1; i + 1 < count; i++)
		if (strcmp(arguments[i], "-n") == 0)
			n = atol(arguments[i + 1]);
	stack_t stack = {.ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ};
	struct sigaction action = {.sa_sigaction = served, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	if (sigaltstack(&stack, NULL) != 0 || sigaction(SIGSEGV, &action, NULL) != 0) {
		perror("a handler");
		return 1;
	}
	touch(n < 1000 ? n : 1000);
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	touch(n);
	wall = seconds(CLOCK_MONOTONIC) - wall;
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	getrusage(RUSAGE_SELF, &after);
	double switches = after.ru_nvcsw - before.ru_nvcsw + after.ru_nivcsw - before.ru_nivcsw;
	printf("BenchmarkFaults/signal %ld %.4g ns/op %.4g cpu-ns/op %.4g minflt/op %.4g ctxsw/op\n", n, wall * 1e9 / n, cpu * 1e9 / n,
		(double)(after.ru_minflt - before.ru_minflt) / n, switches / n);
	return 0;
}
