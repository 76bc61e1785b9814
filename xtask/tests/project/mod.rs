//! A project of which the commands are tried.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

pub(crate) const MANIFEST: &str = include_str!("../../src/template/shop.json");

/// A workspace with applications; what they depend on as `skyloom` is empty.
pub(crate) struct Project {
    directory: TempDir,
}

impl Project {
    pub(crate) fn new(applications: &[&str]) -> Self {
        let project = Self { directory: tempfile::tempdir().unwrap() };
        project.write("Cargo.toml", "[workspace]\nmembers = [\"*\"]\nexclude = [\"target\"]\nresolver = \"3\"\n");
        project.write("skyloom/Cargo.toml", "[package]\nname = \"skyloom\"\n");
        project.write("skyloom/src/lib.rs", "");
        for name in applications {
            let package =
                format!("[package]\nname = \"{name}\"\n[dependencies]\nskyloom = {{ path = \"../skyloom\" }}\n");
            project.write(&format!("{name}/Cargo.toml"), package);
            project.write(&format!("{name}/src/main.rs"), PRINTS_A_FILE);
            project.write(&format!("{name}/printed.json"), MANIFEST);
            project.write(&format!("{name}/public-routes.txt"), "$default\nANY /files/{path+}\nGET /health\n");
        }
        project
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), content).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let command = Command::new(env!("CARGO_BIN_EXE_skyloom-xtask"))
            .args(arguments)
            .current_dir(self.directory.path())
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_NET_OFFLINE", "true")
            .envs(variables.iter().copied())
            .output();
        command.unwrap().into()
    }
}

const PRINTS_A_FILE: &str = r#"
fn main() {
    assert_eq!(std::env::args().nth(1).as_deref(), Some("manifest"));
    print!("{}", std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/printed.json")).unwrap());
}
"#;

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Failed with this in its last words, and printed nothing that could be taken for a result.
    pub(crate) fn failed(self, words: &str) -> Self {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{}", self.stderr);
        let last = self.stderr.lines().last().unwrap();
        assert!(last.starts_with("error: ") && last.contains(words), "{}", self.stderr);
        self
    }
}
