"""Deployments by somebody who looks on."""

from dev import eventually
from terminal import Terminal


def on_terminal(project, command, *options):
    return Terminal(project.prepared(command, "--stage", project.stage, *options))


def status(project):
    client = project.account.client("cloudformation")
    try:
        return client.describe_stacks(StackName=project.stack)["Stacks"][0]["StackStatus"]
    except client.exceptions.ClientError:
        return None


def test_a_person_is_asked_and_sees_how_it_goes(project, account):
    project = project("one")
    project.review()
    question = f"Deploy this to `{project.stack}` in eu-west-1 of 123456789012? [y/N] "

    # A no is a no.
    terminal = on_terminal(project, "deploy", *project.code())
    terminal.wait_for(question)
    assert "\x1b[32m" in terminal.raw, "what is added is green"
    terminal.type("n\n")
    code, said = terminal.end()
    assert code == 3 and "not agreed: nothing was changed" in said, said
    assert status(project) in (None, "DELETE_COMPLETE")

    # Ctrl-C at the question is one too.
    terminal = on_terminal(project, "deploy", *project.code())
    terminal.wait_for(question)
    terminal.type("\x03")
    code, said = terminal.end()
    assert code != 0 and status(project) in (None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"), said

    # A yes is shown as it goes. Who goes away is told how to come back.
    account.hold()
    try:
        terminal = on_terminal(project, "deploy", *project.code())
        terminal.wait_for(question)
        terminal.type("y\n")
        eventually(lambda: status(project) == "CREATE_IN_PROGRESS", 120)
        terminal.wait_for(f"{project.stack} CREATE_IN_PROGRESS")
        terminal.wait_for("0 of ")
        terminal.type("\x03")
        code, said = terminal.end()
        assert code == 130 and "run `cargo xtask deploy` again" in said, said
        assert status(project) == "CREATE_IN_PROGRESS"
    finally:
        account.release()
    terminal = on_terminal(project, "deploy", *project.code())
    code, said = terminal.end()
    assert code == 0 and "nothing to do" in said, said

    # To remove it is another question.
    terminal = on_terminal(project, "remove")
    terminal.wait_for("Remove it? [y/N] ")
    terminal.type("\n")
    code, said = terminal.end()
    assert code == 3 and status(project) == "CREATE_COMPLETE", said
    terminal = on_terminal(project, "remove")
    terminal.wait_for("Remove it? [y/N] ")
    terminal.type("yes\n")
    code, said = terminal.end()
    assert code == 0 and "is removed" in said, said


def test_without_a_terminal_nobody_is_asked(project):
    code, said = project("two").deploy()
    assert code == 3 and "nothing was changed: give `--yes`" in said, said
    code, said = project("two").deploy("--json")
    assert code == 3 and "[y/N]" not in said, said
