-- Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

-- An operation of start is creating a coroutine and resuming it to its end; of switch, one resume of a coroutine that yields.

local mode, n = "start", 10000
for i = 1, #arg - 1 do
	if arg[i] == "-mode" then mode = arg[i + 1] end
	if arg[i] == "-n" then n = tonumber(arg[i + 1]) end
end
local modes = {}

function modes.start(count)
	for _ = 1, count do
		coroutine.resume(coroutine.create(function() end))
	end
end

function modes.switch(count)
	local yielding = coroutine.create(function()
		while true do coroutine.yield() end
	end)
	for _ = 1, count do coroutine.resume(yielding) end
end

local began = os.clock()
modes[mode](n)
-- Lua has no finer clock than that of CPU time; one thread's is close to wall time.
local took = (os.clock() - began) * 1e9 / n
print(string.format("BenchmarkLanguages/%s %d %.4g ns/op %.4g cpu-ns/op", mode, n, took, took))
