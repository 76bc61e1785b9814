//! `cargo xtask build` as a project has it: with plain cargo, and with a stand-in for cargo-lambda.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic, and so may what only tests call")]

mod project;

use std::{env, fs, os::unix::fs::PermissionsExt as _};

use project::{Project, Ran};
use serde_json::Value;

/// This machine's, so that plain cargo compiles for it and its target is installed.
const ARCH: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86-64" };
const LAMBDA_ARCH: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
const TARGET: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" };

const WITH_CARGO: [&str; 5] = ["build", "--arch", ARCH, "--with", "cargo"];

/// Can panic at a place that the compiler writes down.
const PANICS: &str = "// A comment.\nfn main() {\n    println!(\"{}\", std::env::args().nth(1).unwrap()); // that\n}\n";

fn archive(project: &Project) -> Vec<u8> {
    fs::read(project.path(&format!("target/skyloom/orders/orders-{ARCH}.zip"))).unwrap()
}

#[test]
fn the_same_sources_are_the_same_bytes_wherever_they_are_and_whatever_their_comments_say() {
    let (one, other) = (Project::new(&["orders"]), Project::new(&["orders"]));
    one.write("orders/src/main.rs", PANICS);
    other
        .write("orders/src/main.rs", PANICS.replace("A comment.", "Another, which is longer.").replace(" // that", ""));
    for project in [&one, &other] {
        let ran = project.run(&WITH_CARGO).succeeded();
        assert!(!ran.stderr.contains("warning: the binary"), "{}", ran.stderr);
    }
    assert!(archive(&one) == archive(&other));

    other.write("orders/src/main.rs", PANICS.replace("nth(1)", "nth(2)"));
    other.run(&WITH_CARGO).succeeded();
    assert!(archive(&one) != archive(&other));
}

/// A library and a binary, whose places are in both; what they say has always as many letters.
const ANSWERS: &str =
    "//! Answers.\npub fn answer(number: usize) -> &'static str {\n    [\"one\", \"two\"][number]\n}\n";
const ASKS: &str = "fn main() {\n    println!(\"{}\", orders::answer(std::env::args().count()));\n}\n";

#[test]
fn a_comment_that_moves_code_leaves_the_archive_and_a_changed_text_does_not() {
    let project = Project::new(&["orders"]);
    let build = |answers: &str, asks: &str| {
        project.write("orders/src/lib.rs", answers);
        project.write("orders/src/main.rs", asks);
        let ran = project.run(&[&WITH_CARGO[..], &["--json"]].concat()).succeeded();
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        (report["zip"]["sha256"].clone(), archive(&project), ran.stderr)
    };
    let (sha256, first, _) = build(ANSWERS, ASKS);
    let commented = ANSWERS.replace("pub fn", "// A line.\n// And one, for good measure.\npub fn");
    let (same_sha256, second, said) = build(&commented, &format!("// A line here too.\n{ASKS}"));
    assert!(first == second && sha256 == same_sha256, "{said}");
    assert!(said.contains("the program is the same but for its line numbers"), "{said}");

    let (_, text, _) = build(&commented.replace("two", "ten"), ASKS);
    assert!(text != first);
    let (_, doc, said) = build(&ANSWERS.replace("Answers.", "Replies."), ASKS);
    assert!(doc != text, "{said}");
}

/// Texts of the same length, which are in the binary and in no source.
#[test]
fn what_the_environment_and_other_files_say_is_compared_too() {
    let project = Project::new(&["orders"]);
    let main = "fn main() {\n    println!(\"{} {}\", include_str!(\"page.txt\"), env!(\"REVISION\"));\n}\n";
    let build = |comment: &str, page: &str, revision: &str| {
        project.write("orders/src/main.rs", format!("{comment}{main}"));
        project.write("orders/src/page.txt", page);
        project.run_with(&WITH_CARGO, &[("REVISION", revision)]).succeeded();
        archive(&project)
    };
    let first = build("", "page one", "4f2a");
    assert!(build("// A line.\n", "page one", "4f2a") == first);
    assert!(build("", "page two", "4f2a") != first);
    assert!(build("", "page one", "91cc") != first);
}

#[test]
fn where_a_build_script_may_read_anything_the_bytes_decide() {
    let project = Project::new(&["orders"]);
    project.write("orders/src/main.rs", PANICS);
    project.write("orders/build.rs", "fn main() {}\n");
    let ran = project.run(&WITH_CARGO).succeeded();
    let first = archive(&project);
    assert!(
        ran.stderr.contains("note: a changed comment may count as a change: the build script of "),
        "{}",
        ran.stderr
    );
    project.write("orders/src/main.rs", format!("// A line.\n{PANICS}"));
    project.run(&WITH_CARGO).succeeded();
    assert!(archive(&project) != first);
}

#[test]
fn a_path_of_this_machine_that_the_application_itself_writes_down_is_warned_of() {
    let project = Project::new(&["orders"]);
    let ran = project.run(&WITH_CARGO).succeeded(); // it has `env!("CARGO_MANIFEST_DIR")`
    let path = fs::canonicalize(project.path("")).unwrap();
    let warning = format!("warning: the binary names {}: elsewhere,", path.display());
    assert!(ran.stderr.contains(warning.trim_end_matches('/')), "{}", ran.stderr);
}

#[test]
fn the_users_own_flags_in_the_environment_count_as_well() {
    let project = Project::new(&["orders"]);
    project.write("orders/src/main.rs", "#[cfg(skyblue)]\nfn main() {}\n");
    let flags = "--cfg skyblue --check-cfg cfg(skyblue)";
    project.run_with(&WITH_CARGO, &[("RUSTFLAGS", flags)]).succeeded();
    project.run(&WITH_CARGO).failed("`orders` does not compile");
}

/// A project with programs that are found before those of this machine.
struct StandIns(Project);

/// What cargo-lambda does as far as its outcome goes, with the arguments left to look at.
const COMPILES: &str = r#"[ "$2" = --version ] && exit 0
printf '%s ' "$@" > target/arguments
mkdir -p target/lambda/orders && cp target/binary target/lambda/orders/bootstrap"#;

impl StandIns {
    fn new() -> Self {
        let stand_ins = Self(Project::new(&["orders"]));
        stand_ins.program("zig", "exit 0");
        stand_ins.program("cargo-lambda", COMPILES);
        stand_ins.compile_to(&header());
        stand_ins
    }

    fn program(&self, name: &str, script: &str) {
        let name = format!("target/bin/{name}");
        self.0.write(&name, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.0.path(&name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn compile_to(&self, binary: &[u8]) {
        self.0.write("target/binary", binary);
    }

    fn build(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let path = format!("{}:{}", self.0.path("target/bin").display(), env::var("PATH").unwrap());
        self.0.run_with(
            &[&["build", "--arch", ARCH], arguments].concat(),
            &[&[("PATH", path.as_str())], variables].concat(),
        )
    }

    /// The JSON that is printed.
    fn report(&self, arguments: &[&str]) -> Value {
        let ran = self.build(&[arguments, &["--json"]].concat(), &[]).succeeded();
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

/// The header of a program for this machine, which has neither segments nor sections.
fn header() -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16] = 3; // position-independent
    bytes[18] = if ARCH == "arm64" { 183 } else { 62 };
    bytes[20] = 1;
    bytes[52] = 64; // the header's own size
    bytes
}

#[test]
fn cargo_lambda_builds_the_one_binary_and_its_hashes_are_told() {
    let project = StandIns::new();
    let report = project.report(&[]);
    assert_eq!((&report["application"], &report["architecture"]), (&"orders".into(), &LAMBDA_ARCH.into()));
    assert_eq!((&report["binary"]["size"], &report["zip"]["size"]), (&64.into(), &archive(&project.0).len().into()));
    let arguments = fs::read_to_string(project.0.path("target/arguments")).unwrap();
    for expected in [
        "lambda build --skip-target-check --disable-optimizations --package orders --bin orders",
        &format!("--target {TARGET} --profile release "),
        r#"profile.release.panic="unwind""#,
        "=/workspace\"",
    ] {
        assert!(arguments.contains(expected), "{arguments}");
    }
}

#[test]
fn another_profile_is_as_cargo_toml_has_it() {
    let project = StandIns::new();
    project.report(&["--profile", "small"]);
    let arguments = fs::read_to_string(project.0.path("target/arguments")).unwrap();
    assert!(arguments.contains("--profile small ") && !arguments.contains("panic"), "{arguments}");
}

#[test]
fn an_image_is_written_in_place_of_the_archive() {
    let project = StandIns::new();
    project.program("rustc", &format!("echo '{}'", project.0.path("").display())); // the musl target need not be there
    project.0.write("target/roots.pem", "-----BEGIN CERTIFICATE-----\n");
    let rustc = project.0.path("target/bin/rustc").display().to_string();
    let image = ["--image", "--certificates", "target/roots.pem"];
    project.build(&image, &[("RUSTC", &rustc)]).succeeded();
    let folder = project.0.path("target/skyloom/orders");
    assert!(folder.join(format!("orders-{ARCH}.oci/index.json")).is_file());
    assert!(folder.join(format!("orders-{ARCH}.oci.tar")).is_file());
    assert!(!folder.join(format!("orders-{ARCH}.zip")).exists());

    let base = folder.join(format!("orders-{ARCH}.oci"));
    fs::rename(&base, project.0.path("target/base")).unwrap();
    project.build(&["--image", "--base", "target/base"], &[]).succeeded();
}

#[test]
fn a_missing_tool_is_named_with_the_command_that_installs_it() {
    let project = StandIns::new();
    let nowhere = [("CARGO_ZIGBUILD_PYTHON_PATH", "no-python"), ("CARGO_ZIGBUILD_ZIG_PATH", "no-zig")];
    project.build(&[], &nowhere).failed("run `pip install ziglang`");
    project.program("no-target", "echo /nowhere");
    let rustc = project.0.path("target/bin/no-target").display().to_string();
    project.build(&[], &[("RUSTC", &rustc)]).failed(&format!("run `rustup target add {TARGET}`"));
    project.program("cargo-lambda", "exit 101");
    project.build(&[], &[]).failed("run `pip install cargo-lambda`");
}

#[test]
fn what_does_not_run_at_lambda_is_an_error() {
    let project = StandIns::new();
    let mut foreign = header();
    foreign[18] = 8; // MIPS
    project.compile_to(&foreign);
    project.build(&[], &[]).failed("a program for another processor than");
    project.program("cargo-lambda", "exit 0");
    project.build(&[], &[]).failed("`cargo lambda build` did not write");
}

#[test]
fn plain_cargo_does_not_compile_for_another_processor() {
    let other = if ARCH == "arm64" { "x86-64" } else { "arm64" };
    let project = Project::new(&["orders"]);
    project.run(&["build", "--arch", other, "--with", "cargo"]).failed("leave `--with cargo` out");
}
