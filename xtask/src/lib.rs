//! The commands of a Skyloom project: `cargo xtask manifest`, `template`, `openapi`, `check`, `test`, `dev`, `build`,
//! `diff`, `deploy`, `logs` and `remove`.
//!
//! A project has them through a package of its own, whose whole source is
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     skyloom_xtask::main()
//! }
//! ```
//!
//! and through the alias `xtask = "run --quiet --package xtask --"` in `.cargo/config.toml`. The application is never
//! linked in: it is built and asked for its manifest, and everything else is a function of that.

mod application;
mod build;
mod cargo;
mod check;
mod deploy;
mod dev;
mod diff;
mod logs;
mod openapi;
mod problems;
mod refused;
mod stage;
mod template;
mod test;
mod validators;

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use skyloom_manifest::Manifest;

use crate::{
    application::Application,
    deploy::interrupt::{self, Interrupted},
    refused::Refused,
    stage::Stage,
    template::{Format, Template},
};

/// Runs the command that the process's arguments name. Results go to standard output, all else to standard error.
pub fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            exit_code(&error)
        }
    }
}

fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Refused>() {
        ExitCode::from(refused::EXIT_CODE)
    } else if error.is::<Interrupted>() {
        ExitCode::from(interrupt::EXIT_CODE)
    } else {
        ExitCode::FAILURE
    }
}

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The commands of a Skyloom project", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the application on this machine, with everything of AWS that it needs
    Dev(dev::Args),
    /// Print the application's manifest
    Manifest {
        #[command(flatten)]
        application: ApplicationArgs,
        /// Print the JSON schema of manifests instead
        #[arg(long)]
        schema: bool,
    },
    /// Print the application's SAM template
    Template {
        #[command(flatten)]
        application: ApplicationArgs,
        #[command(flatten)]
        stage: StageArgs,
        /// How to write it
        #[arg(long, value_enum, default_value_t = Format::Yaml)]
        format: Format,
        /// Write it to this directory instead, with those of the nested stacks if it is more than one stack takes
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Print the HTTP API as an OpenAPI document, or compare it with an older one
    Openapi(openapi::Args),
    /// Check everything that can be known without AWS
    Check(check::Args),
    /// Run the tests
    Test(test::Args),
    /// Build what Lambda runs: a zip archive, or a container image
    Build(build::Args),
    /// Show what a deployment would change
    Diff(deploy::preview::Args),
    /// Show what changes at AWS, ask, and deploy
    Deploy(deploy::Args),
    /// Show what the functions log
    Logs(logs::Args),
    /// Remove the stack; what holds data stays
    Remove(deploy::remove::Args),
}

impl Command {
    fn run(self) -> Result<()> {
        match self {
            Self::Dev(args) => dev::run(&args),
            Self::Manifest { schema: true, .. } => print(&schema()?),
            Self::Manifest { application, schema: false } => print(&application.pick()?.manifest()?.to_json()),
            Self::Template { application, stage, format, output } => {
                let application = application.pick()?;
                let template = stage.read(&application)?.template(&application, &application.manifest()?)?;
                template::write(template.stacks(), format, output.as_deref())
            }
            Self::Openapi(args) => openapi::run(&args),
            Self::Check(args) => check::run(&args),
            Self::Test(args) => test::run(&args),
            Self::Build(args) => build::run(&args),
            Self::Diff(args) => deploy::preview::run(&args),
            Self::Deploy(args) => deploy::run(&args),
            Self::Logs(args) => logs::run(&args),
            Self::Remove(args) => deploy::remove::run(&args),
        }
    }
}

fn schema() -> Result<String> {
    let schema = serde_json::to_string_pretty(&Manifest::json_schema()).context("cannot write the schema")?;
    Ok(schema + "\n")
}

/// Which application a command is about.
#[derive(Debug, clap::Args)]
struct ApplicationArgs {
    /// The application's package, if the workspace has several
    #[arg(short, long, value_name = "APP")]
    package: Option<String>,
}

impl ApplicationArgs {
    fn pick(&self) -> Result<Application> {
        Application::pick(self.package.as_deref())
    }
}

/// Which stage a command is about.
#[derive(Debug, clap::Args)]
struct StageArgs {
    /// The stage, as `skyloom.toml` beside the application's Cargo.toml has it
    #[arg(short, long, value_name = "STAGE")]
    stage: Option<String>,
}

impl StageArgs {
    fn read(&self, application: &Application) -> Result<Stage> {
        Stage::read(&application.directory, self.stage.as_deref())
    }
}

impl Stage {
    /// The template of an application at this stage, with what the application overrides.
    fn template(&self, application: &Application, manifest: &Manifest) -> Result<Template> {
        Template::of(&self.apply(manifest)?, self)?.overridden(&application.directory)
    }
}

/// Writes to standard output; unlike `print!`, a reader that has had enough (`| head`) is an error and no panic.
fn print(text: &str) -> Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")
}

/// What the benches measure. It is no part of what is promised.
#[doc(hidden)]
pub mod __private {
    use anyhow::Result;
    use skyloom_manifest::Manifest;

    use crate::{
        stage::Stage,
        template::{Format, Template},
    };

    /// The files of an application's template, by path.
    ///
    /// # Errors
    /// Two names make the same logical id.
    pub fn template(manifest: &Manifest) -> Result<Vec<(String, String)>> {
        Template::of(manifest, &Stage::default())?.stacks().files(Format::Yaml)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use expect_test::expect_file;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn the_checked_in_schema_of_manifests_is_current() {
        expect_file!["../../manifest/manifest.schema.json"].assert_eq(&super::schema().unwrap());
    }
}
