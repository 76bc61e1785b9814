//! `cargo xtask deploy`, `diff` and `remove`: an application and its stack at AWS.
//!
//! CloudFormation compares the template with the stack, in a change set. That is shown and agreed to; only then is anything
//! changed, and followed to its end. A deployment that is interrupted, at whatever place, is taken up by the next: what runs at AWS goes on,
//! and whatever else was left is done again.

mod artifact;
mod bucket;
mod change_set;
mod consent;
pub(crate) mod failure;
mod follow;
mod guard;
mod image;
pub(crate) mod interrupt;
mod moves;
mod nested;
mod own_stack;
mod pace;
mod plan;
pub(crate) mod preview;
mod registry;
pub(crate) mod remove;
mod repository;
mod secrets;
mod session;
mod shift;
mod stack;
mod steps;
mod tell;
mod templates;

use std::future::Future;

use anyhow::{Context, Result};
use skyloom_manifest::Manifest;

pub(crate) use self::{
    artifact::CodeArgs,
    session::{AccountArgs, DeployerArgs, Session},
};
use self::{
    artifact::Placed,
    bucket::Bucket,
    change_set::ChangeSet,
    plan::{Found, Plan},
    steps::Step,
    tell::Tell,
    templates::Templates,
};
use crate::{ApplicationArgs, StageArgs, application::Application, check, stage::Stage, template::Template};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    #[command(flatten)]
    stage: StageArgs,
    #[command(flatten)]
    deployer: DeployerArgs,
    #[command(flatten)]
    code: CodeArgs,
    /// Agree to what will change without being asked
    #[arg(short, long)]
    yes: bool,
    /// Let this resource be replaced or removed, though it holds data: its logical id, or its name in the code
    #[arg(long, value_name = "NAME")]
    replace: Vec<String>,
    /// Tell what happens as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Compares, shows, asks, and deploys.
pub(crate) fn run(args: &Args) -> Result<()> {
    let target = Target::read(&args.application, &args.stage)?;
    let tell = Tell::new(args.json);
    block_on(async {
        let session = args.deployer.open(&target.stage).await?; // before minutes of compilation
        let artifact = args.code.read(&target.application, &target.stage)?;
        let found = Found::settled(&session, &tell, &target.stack).await?;
        found.clear(&session, &target.stack).await?;
        let code = artifact.place(&session, &tell, &target.manifest.application, found.whole.as_ref()).await?;
        let templates = target.templates_with(&session, &code)?;
        let changed = match Plan::make(&session, &tell, &target, &found, &templates).await? {
            None => false,
            Some(plan) => {
                let deployment = Deployment { args, session: &session, tell: &tell, target: &target };
                deployment.run(plan, &found, &templates, code).await?;
                true
            }
        };
        let stack = stack::find(&session, &target.stack).await?;
        let outputs = stack.as_ref().map(stack::outputs).unwrap_or_default();
        for line in secrets::to_fill(&target.manifest, found.whole.as_ref(), &outputs) {
            tell.note(&line)?;
        }
        let end = if changed { "is deployed" } else { "is as it should be: nothing to do" };
        tell.done(&format!("the stack `{}` {end}", target.stack), changed, ("outputs", &outputs))
    })
}

/// What is deployed where.
#[derive(Debug)]
pub(crate) struct Target {
    application: Application,
    stage: Stage,
    manifest: Manifest,
    template: Template,
    /// The stack's name.
    stack: String,
}

impl Target {
    /// Reads the application, and refuses one that AWS would refuse.
    fn read(application: &ApplicationArgs, stage: &StageArgs) -> Result<Self> {
        let application = application.pick()?;
        let stage = stage.read(&application)?;
        let manifest = application.manifest()?;
        let template = stage.template(&application, &manifest)?;
        check::before_deploying(&application, &manifest, &stage, &template)?;
        let stack = stage.stack(&manifest.application);
        Ok(Self { application, stage, manifest, template, stack })
    }

    /// The templates whose functions have this code.
    fn templates_with(&self, session: &Session, code: &Placed) -> Result<Templates> {
        let application = &self.manifest.application;
        Templates::of(self.template.with_code(application, &code.place), application, &Bucket::of(session))
    }
}

/// A deployment that can begin.
struct Deployment<'a> {
    args: &'a Args,
    session: &'a Session,
    tell: &'a Tell,
    target: &'a Target,
}

impl Deployment<'_> {
    async fn run(&self, plan: Plan, found: &Found, templates: &Templates, code: Placed) -> Result<()> {
        if let Err(error) = self.agree(&plan, found, templates) {
            plan.discard(self.session, found).await?;
            return Err(error);
        }
        let work = async {
            code.bring(self.session, &self.target.manifest.application, self.tell).await?;
            self.execute(plan, found).await
        };
        interrupt::until(work, "cargo xtask deploy").await
    }

    /// Shows what will change, refuses what would lose data, and asks.
    fn agree(&self, plan: &Plan, found: &Found, templates: &Templates) -> Result<()> {
        self.tell.report(&plan.report)?;
        announce(self.tell, plan)?;
        guard::check(&plan.losses, &self.args.replace, found.whole.as_ref(), &templates.whole)?;
        let question =
            format!("Deploy this to `{}` in {} of {}?", self.target.stack, self.session.region, self.session.account);
        consent::ask(&question, self.args.yes, self.args.json)
    }

    /// One update is the change set that was shown. Several are compared one after the other.
    async fn execute(&self, plan: Plan, found: &Found) -> Result<()> {
        let (count, existing) = (plan.steps.len(), found.stack.as_ref());
        if count == 1 {
            return self.update(plan.change_set, existing.is_some()).await;
        }
        plan.change_set.discard(self.session, existing).await?; // it was there to be shown
        if let Some(before) = plan.before_moving {
            before.upload(&Bucket::of(self.session), self.tell).await?;
        }
        for (index, Step { title, template }) in plan.steps.iter().enumerate() {
            self.tell.note(&format!("{} of {count}: {title}", index + 1))?;
            if let Some(change_set) = plan::change_set(self.session, self.tell, self.target, existing, template).await?
            {
                self.update(change_set, existing.is_some()).await?;
            }
        }
        Ok(())
    }

    async fn update(&self, change_set: ChangeSet, exists: bool) -> Result<()> {
        let after = follow::newest(self.session, &change_set.stack).await?;
        change_set.execute(self.session).await?;
        if let Some(told) = shift::announced(&self.target.template, &change_set.changes) {
            self.tell.note(&told)?;
        }
        let progress = self.tell.with_progress(change_set.changes.len());
        let outcome = follow::follow(self.session, &progress, &change_set.stack, after.as_deref()).await?;
        outcome.check(if exists { "UPDATE_COMPLETE" } else { "CREATE_COMPLETE" })
    }
}

/// Tells of the several updates that it takes.
fn announce(tell: &Tell, plan: &Plan) -> Result<()> {
    let (steps, moves) = (&plan.steps, plan.before_moving.is_some());
    if steps.len() == 1 {
        return Ok(());
    }
    let steps: Vec<_> =
        steps.iter().enumerate().map(|(index, it)| format!("\n  {}. {}", index + 1, it.title)).collect();
    let reason = if moves {
        "functions go to other stacks, where they are made before an API leads to them"
    } else {
        "a table takes one change of its global indexes in an update"
    };
    tell.note(&format!("{reason}, so that this takes {} updates:{}", steps.len(), steps.concat()))
}

/// Runs what waits for AWS.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start the runtime")?.block_on(future)
}
