"""The spade and the go command of this machine, for rules that run them."""

# What the two may have to know of the environment.
_NAMES = ["PATH", "HOME", "CGO_ENABLED", "GOCACHE", "GOENV", "GOFLAGS", "GOMODCACHE", "GOPATH", "GOPROXY", "GOTOOLCHAIN", "SPADECACHE"]

def _host_spade(ctx):
    spade = ctx.which("spade")
    if not spade:
        fail("spade is not in PATH: go install github.com/spadego/spade/cmd/spade@latest")
    if not ctx.which("go"):
        fail("go is not in PATH")
    ctx.symlink(spade, "spade")
    ctx.file("BUILD.bazel", 'exports_files(["spade"])\n')
    known = {name: ctx.os.environ[name] for name in _NAMES if name in ctx.os.environ}
    ctx.file("environment.bzl", "ENVIRONMENT = %s\n" % repr(known))

host_spade = repository_rule(
    implementation = _host_spade,
    environ = _NAMES,
    local = True,
    doc = "Makes the spade in PATH @spade//:spade, and what it has to know of the environment @spade//:environment.bzl.",
)
