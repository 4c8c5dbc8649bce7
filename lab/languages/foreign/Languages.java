// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// An operation is starting and joining a thread that ends at once: one of the system's or, with -virtual, a virtual one.

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

class Languages {
	static final int SKIPPED = 77;

	public static void main(String[] arguments) throws Exception {
		List<String> list = Arrays.asList(arguments);
		int n = Integer.parseInt(list.get(list.indexOf("-n") + 1));
		boolean virtual = list.contains("-virtual");
		run(Math.min(n, 1000), virtual);
		long wall = System.nanoTime();
		run(n, virtual);
		wall = System.nanoTime() - wall;
		System.out.printf("BenchmarkLanguages/start %d %.4g ns/op%n", n, (double) wall / n);
	}

	static void run(int n, boolean virtual) throws Exception {
		Method startVirtual = null;
		if (virtual) {
			try {
				startVirtual = Thread.class.getMethod("startVirtualThread", Runnable.class);
				startVirtual.invoke(null, (Runnable) Languages::nothing);
			} catch (NoSuchMethodException | InvocationTargetException e) {
				System.err.println("virtual threads need Java 21, and this is " + System.getProperty("java.version"));
				System.exit(SKIPPED);
			}
		}
		for (int i = 0; i < n; i++) {
			Thread thread;
			if (virtual) {
				thread = (Thread) startVirtual.invoke(null, (Runnable) Languages::nothing);
			} else {
				thread = new Thread(Languages::nothing);
				thread.start();
			}
			thread.join();
		}
	}

	static void nothing() {
	}
}
