//! `cargo xtask check`: everything that can be known of an application without AWS.

mod callers;
mod current;
mod evolution;
mod limits;
mod wiring;

use std::iter;

use anyhow::{Context, Result, ensure};
use skyloom_manifest::{Manifest, Problem};

use crate::{
    ApplicationArgs, application::Application, openapi, problems, stage::Stage, template::Template, validators,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    /// Write the manifest, the template and the OpenAPI document beside the application's Cargo.toml, to be checked in
    #[arg(long)]
    update: bool,
    /// With `--update`: also where stored items could no longer be used
    #[arg(long, requires = "update")]
    accept_data_changes: bool,
    /// Have the template and the OpenAPI documents examined by SAM, cfn-lint, checkov and an OpenAPI validator too, which are installed once with pip
    #[arg(long)]
    template: bool,
}

/// Checks the manifest's rules, AWS's limits, that the public routes are meant to be, what became of stored data, that the checked-in files
/// are current, and the template; and lists who may call what.
pub(crate) fn run(args: &Args) -> Result<()> {
    let application = args.application.pick()?;
    let manifest = application.manifest()?;
    check_binary(&application)?;
    let template = Stage::read(&application.directory, None)?.template(&application, &manifest)?;
    problems::report(&found_in_application(&application, &manifest, &template)?)?;
    for name in Stage::names(&application.directory)? {
        check_stage(&application, &manifest, &name).with_context(|| format!("at the stage `{name}`"))?;
    }
    let changes = evolution::since_checked_in(&application.directory, &manifest)?;
    evolution::report(&changes);
    if args.update && !args.accept_data_changes {
        evolution::refuse(&changes, &application.package)?;
    }
    let apis = openapi::to_check_in(&application, &manifest);
    let files = current::files(&application.directory, &manifest, &template, &apis)?;
    if args.update {
        current::update(&files)?;
    } else {
        current::check(&files, &application.package)?;
    }
    if args.template {
        validate(&application, &manifest, &template)?;
    }
    crate::print(&callers::table(&manifest))?;
    eprintln!("`{}` is fine", application.package);
    Ok(())
}

/// Has others examine the template of each stage, and the documents.
fn validate(application: &Application, manifest: &Manifest, template: &Template) -> Result<()> {
    let stages = Stage::names(&application.directory)?.into_iter().map(|name| {
        let stage = Stage::read(&application.directory, Some(&name))?;
        Ok((format!("{}-{name}", application.package), stage.template(application, manifest)?))
    });
    let of_stages = stages.collect::<Result<Vec<_>>>()?;
    let own = (application.package.as_str(), template);
    let templates: Vec<_> = iter::once(own).chain(of_stages.iter().map(|(name, it)| (name.as_str(), it))).collect();
    let documents = openapi::all_forms(application, manifest)?;
    validators::install(&application.target)?.validate(&templates, &application.package, &documents)
}

/// With what is beside its `Cargo.toml`.
fn found_in_application(application: &Application, manifest: &Manifest, template: &Template) -> Result<Vec<Problem>> {
    let mut problems = found_in(manifest, template);
    problems.extend(callers::problems(&application.directory, manifest)?);
    Ok(problems)
}

fn found_in(manifest: &Manifest, template: &Template) -> Vec<Problem> {
    let mut problems = limits::check(manifest, template);
    problems.extend(wiring::check(manifest, template));
    problems
}

/// What has to hold before AWS is asked for anything: its limits, and that a review saw what is deployed and what everyone may call.
pub(crate) fn before_deploying(
    application: &Application,
    manifest: &Manifest,
    stage: &Stage,
    template: &Template,
) -> Result<()> {
    problems::report(&found_in_application(application, &stage.apply(manifest)?, template)?)?;
    let reviewed = Stage::read(&application.directory, None)?.template(application, manifest)?;
    let apis = openapi::to_check_in(application, manifest);
    let files = current::files(&application.directory, manifest, &reviewed, &apis)?;
    current::check(&files, &application.package)
}

/// Settings of a stage can be too much where those of the code are not.
fn check_stage(application: &Application, manifest: &Manifest, name: &str) -> Result<()> {
    let stage = Stage::read(&application.directory, Some(name))?;
    let template = stage.template(application, manifest)?;
    problems::report(&found_in(&stage.apply(manifest)?, &template))
}

/// The template names the code by the package, `cargo lambda build` by the binary.
fn check_binary(application: &Application) -> Result<()> {
    let Application { package, binary, .. } = application;
    ensure!(
        package == binary,
        "the binary of `{package}` is called `{binary}`: call it `{package}`, as the template does"
    );
    Ok(())
}
