"""The code of a deployment, built by `deploy` itself: what is the same program is not deployed again.

A stand-in for cargo-lambda compiles a small program in place of the application, since the real one takes minutes. The rest is as it is: what cargo
tells of the build, the archive, and its way to the account.
"""

import os
import platform
import shutil

import pytest

from dev import TARGET

MAIN = """fn main() {
    println!("one: {}", std::env::args().nth(9).unwrap());
}
"""
STAND_IN = """#!/bin/sh
set -e
if [ "$2" = --version ]; then
    echo "a stand-in"
    exit
fi
cargo build --quiet --release --package function --bin parcels --target-dir code --message-format=json-render-diagnostics
mkdir -p "$CARGO_TARGET_DIR/lambda/parcels"
cp code/release/parcels "$CARGO_TARGET_DIR/lambda/parcels/bootstrap"
"""


@pytest.fixture
def build(app, tmp_path):
    """Deploys with the stand-in, of a main function."""
    manifest = app.folder / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("[workspace]\n", '[workspace]\nmembers = ["function"]\n'))
    (app.folder / "function" / "src").mkdir(parents=True)
    package = '[package]\nname = "function"\nedition = "2024"\n\n[[bin]]\nname = "parcels"\npath = "src/main.rs"\n'
    (app.folder / "function" / "Cargo.toml").write_text(package)
    manifest.write_text(manifest.read_text() + '\n[profile.release]\nstrip = "symbols"\n')
    stages = app.folder / "skyloom.toml"
    architecture = "arm64" if platform.machine() == "aarch64" else "x86-64"
    stages.write_text(stages.read_text().replace("[stages.one]\n", f'[stages.one]\narchitecture = "{architecture}"\n'))
    stand_in = tmp_path / "cargo-lambda"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CARGO_ZIGBUILD_ZIG_COMMAND": "none"}

    def deploy(project, main):
        (app.folder / "function" / "src" / "main.rs").write_text(main)
        return project.at_stage("deploy", "--yes", environment=environment)

    return deploy


def objects(account):
    s3 = account.client("s3")
    [bucket] = [it["Name"] for it in s3.list_buckets()["Buckets"]]
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    return {it["Key"]: s3.head_object(Bucket=bucket, Key=it["Key"])["Metadata"] for it in versions if it["Key"].endswith(".zip")}


def test_a_comment_deploys_nothing_and_a_text_does(project, account, build):
    project = project("one")
    shutil.rmtree(TARGET / "skyloom" / "parcels", ignore_errors=True)
    code, said = build(project, MAIN)
    assert code == 0 and "uploaded the code" in said and "note: a changed comment" not in said, said
    [metadata] = objects(account).values()
    assert metadata.keys() == {"skyloom-sources", "skyloom-code"}
    events = len(project.events())

    # On the machine that built it before.
    code, said = build(project, f"// A comment.\n{MAIN}")
    assert code == 0 and "the same but for its line numbers" in said and "nothing to do" in said, said

    # On one that knows only what is deployed.
    shutil.rmtree(TARGET / "skyloom" / "parcels")
    code, said = build(project, f"// A comment.\n// And another.\n{MAIN}")
    assert code == 0 and "the code is what is deployed but for its line numbers" in said and "nothing to do" in said, said
    assert len(objects(account)) == 1 and len(project.events()) == events

    code, said = build(project, MAIN.replace("one", "two"))
    assert code == 0 and "take the new code" in said, said
    assert len(objects(account)) == 2 and len(project.events()) > events
