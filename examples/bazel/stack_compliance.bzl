"""Budgets of goroutine stacks as tests, one for each team.

stack_findings runs "spade depth" on a program, once. stack_compliance_test compares what it finds with the budgets of a team, and takes
no time. To use them, copy this file and host_spade.bzl, and call host_spade in WORKSPACE as it is done here.
"""

load("@spade//:environment.bzl", "ENVIRONMENT")

_SPADE = attr.label(
    default = "@spade//:spade",
    allow_single_file = True,
    cfg = "exec",
    executable = True,
)

def _stack_findings(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.run_shell(
        arguments = [out.path, ctx.executable._spade.path, ctx.label.package or ".", ctx.attr.program],
        command = 'out=$PWD/$1 spade=$PWD/$2; cd "$3" && "$spade" depth -json "$4" >"$out"',
        env = ENVIRONMENT,
        # The go command keeps compiled packages in its own cache, which a sandbox can't write to.
        execution_requirements = {"no-remote": "1", "no-sandbox": "1"},
        inputs = ctx.files.srcs,
        mnemonic = "StackFindings",
        outputs = [out],
        progress_message = "Finding how deep the goroutines of %s get" % ctx.label,
        tools = [ctx.executable._spade],
    )
    return [DefaultInfo(files = depset([out]))]

stack_findings = rule(
    implementation = _stack_findings,
    attrs = {
        "program": attr.string(
            doc = "The main package, as for the go command: relative to this package, which has the go.mod.",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            allow_files = True,
            doc = "All that the go command reads of this module.",
            mandatory = True,
        ),
        "_spade": _SPADE,
    },
    doc = "Saves what spade depth finds on a program.",
)

def _stack_compliance_test(ctx):
    files = [ctx.executable._spade, ctx.file.budgets, ctx.file.findings] + ctx.files.baseline
    ctx.actions.write(
        ctx.outputs.executable,
        """#!/bin/sh
exec '%s' check -findings '%s' -file '%s' -team '%s' -sarif "$TEST_UNDECLARED_OUTPUTS_DIR/spade.sarif"
""" % (ctx.executable._spade.short_path, ctx.file.findings.short_path, ctx.file.budgets.short_path, ctx.attr.team),
        is_executable = True,
    )
    return [DefaultInfo(executable = ctx.outputs.executable, runfiles = ctx.runfiles(files = files))]

_compliance_test = rule(
    implementation = _stack_compliance_test,
    attrs = {
        "baseline": attr.label(allow_single_file = True),
        "budgets": attr.label(
            allow_single_file = True,
            mandatory = True,
        ),
        "findings": attr.label(
            allow_single_file = True,
            mandatory = True,
        ),
        "team": attr.string(mandatory = True),
        "_spade": _SPADE,
    },
    test = True,
)

def stack_compliance_test(name, team, findings, budgets = "spade.json", baseline = None, tags = [], **kwargs):
    """Fails if a goroutine does not keep its budget, if that is one of the team's, or if no goroutine has the budget.

    Args:
      name: of the test.
      team: whose budgets count.
      findings: a stack_findings.
      budgets: the file of budgets.
      baseline: what spade check has written beside it, for the report to say what grew.
      tags: more tags than stack_compliance, by which all these tests are run: --test_tag_filters=stack_compliance
      **kwargs: as for all tests.
    """
    _compliance_test(
        name = name,
        baseline = baseline,
        budgets = budgets,
        findings = findings,
        size = kwargs.pop("size", "small"),
        tags = tags + ["stack_compliance"],
        team = team,
        **kwargs
    )
