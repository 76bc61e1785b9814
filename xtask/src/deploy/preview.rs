//! `cargo xtask diff`: what a deployment would do, without doing it.

use anyhow::Result;

use super::{
    CodeArgs, Target, block_on, guard,
    plan::{self, Found, Plan},
    session::{DeployerArgs, Session},
    tell::Tell,
    templates::Templates,
};
use crate::{ApplicationArgs, StageArgs};

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
    /// Say it as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Prints what would change, and what of it would be refused.
pub(crate) fn run(args: &Args) -> Result<()> {
    let target = Target::read(&args.application, &args.stage)?;
    let tell = Tell::new(args.json);
    block_on(async {
        let session = args.deployer.open(&target.stage).await?; // before minutes of compilation
        let artifact = args.code.read(&target.application, &target.stage)?;
        let found = Found::settled(&session, &tell, &target.stack).await?;
        let code = artifact.place(&session, &tell, &target.manifest.application, found.whole.as_ref()).await?;
        let templates = target.templates_with(&session, &code)?;
        if found.stack.is_none() {
            tell.note(&format!("there is no stack `{}` yet: this would make it", target.stack))?;
            tell.result(&plan::first(&templates.whole))?;
            return ended(&tell);
        }
        match Plan::make(&session, &tell, &target, &found, &templates).await? {
            None => tell.done(&format!("the stack `{}` is as it should be", target.stack), false, ("outputs", &[])),
            Some(plan) => show(&session, &tell, &found, plan, &templates).await,
        }
    })
}

async fn show(session: &Session, tell: &Tell, found: &Found, plan: Plan, templates: &Templates) -> Result<()> {
    let told = tell.result(&plan.report).and_then(|()| super::announce(tell, &plan));
    let refusal = guard::check(&plan.losses, &[], found.whole.as_ref(), &templates.whole).err();
    plan.discard(session, found).await?;
    told?;
    refusal
        .into_iter()
        .try_for_each(|refusal| tell.note(&format!("`cargo xtask deploy` would refuse it: {refusal}")))?;
    ended(tell)
}

fn ended(tell: &Tell) -> Result<()> {
    tell.done("nothing was changed: `cargo xtask deploy` does it", false, ("outputs", &[]))
}
