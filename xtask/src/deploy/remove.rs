//! `cargo xtask remove`: the stack goes, and with it all that does not hold data.

use anyhow::Result;
use aws_sdk_cloudformation::types::{Stack, StackResourceSummary};
use serde_json::Value;

use super::{
    block_on, consent, failure, follow, interrupt,
    session::{DeployerArgs, Session},
    stack::{self, State},
    tell::Tell,
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
    /// Agree without being asked
    #[arg(short, long)]
    yes: bool,
    /// The stack's name, which agrees to remove a protected one
    #[arg(long, value_name = "STACK")]
    confirm: Option<String>,
    /// Tell what happens as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Says what goes and what stays, asks, and deletes.
pub(crate) fn run(args: &Args) -> Result<()> {
    let application = args.application.pick()?;
    let stage = args.stage.read(&application)?;
    let name = stage.stack(&application.package);
    let tell = Tell::new(args.json);
    block_on(async {
        let session = args.deployer.open(&stage).await?;
        let Some(found) = settled(&session, &tell, &name).await? else {
            let place = format!("in {} of {}", session.region, session.account);
            return tell.done(&format!("there is no stack `{name}` {place}: nothing to remove"), false, ("kept", &[]));
        };
        let id = stack::id(&found)?;
        let (gone, kept) = parts(&session, &found, &id).await?;
        tell.note(&said(&name, gone, &kept))?;
        consent::ask("Remove it?", args.yes, args.json)?;
        if stage.is_protected() {
            consent::ask_for_name(&format!("the stack `{name}`"), &name, args.confirm.as_deref(), args.json)?;
        }
        interrupt::until(delete(&session, &tell, &id, gone), "cargo xtask remove").await?;
        tell.done(&format!("the stack `{name}` is removed"), true, ("kept", &kept))
    })
}

/// The stack, when nothing is under way in it any more.
async fn settled(session: &Session, tell: &Tell, name: &str) -> Result<Option<Stack>> {
    let Some(found) = stack::find(session, name).await? else { return Ok(None) };
    if State::of(found.stack_status()) == State::Busy {
        tell.note(&format!("something is under way in the stack `{name}`: following it"))?;
        let ended = follow::follow(session, tell, &stack::id(&found)?, None).await?;
        tell.note(&format!("that has ended as {}", ended.status))?;
        return stack::find(session, name).await;
    }
    Ok(Some(found))
}

/// How many resources go, and which stay: by logical id, with what they are called in the account.
async fn parts(session: &Session, found: &Stack, id: &str) -> Result<(usize, Vec<(String, String)>)> {
    if State::of(found.stack_status()) == State::Absent {
        return Ok((0, Vec::new())); // a change set that nobody executed is all there is
    }
    let template = stack::template(session, id).await?;
    let resources = stack::resources(session, id).await?;
    let kept = kept(template.as_ref(), &resources);
    let mut gone = resources.len() - kept.len();
    for (_, nested) in stack::nested(session, id).await? {
        gone += stack::resources(session, &nested).await?.len(); // nothing in them is kept: what is stays in the root
    }
    Ok((gone, kept))
}

fn kept(template: Option<&Value>, resources: &[StackResourceSummary]) -> Vec<(String, String)> {
    let is_kept = |id: &str| {
        let policy = template.and_then(|template| template["Resources"][id]["DeletionPolicy"].as_str());
        matches!(policy, Some("Retain" | "RetainExceptOnCreate"))
    };
    let pair = |resource: &StackResourceSummary| {
        let id = resource.logical_resource_id()?;
        is_kept(id).then(|| (id.to_owned(), resource.physical_resource_id().unwrap_or_default().to_owned()))
    };
    resources.iter().filter_map(pair).collect()
}

fn said(name: &str, gone: usize, kept: &[(String, String)]) -> String {
    let mut text = format!("of the stack `{name}`, {gone} resources are deleted");
    if kept.is_empty() {
        return text + ", and nothing stays";
    }
    text += ", and these stay in the account, with what they hold and cost, until you delete them by hand:";
    for (id, physical) in kept {
        text += &format!("\n  {id}  {physical}");
    }
    text
}

async fn delete(session: &Session, tell: &Tell, id: &str, resources: usize) -> Result<()> {
    let after = follow::newest(session, id).await?;
    let call = session.cloudformation.delete_stack().stack_name(id).set_role_arn(session.role.clone());
    call.send().await.map_err(|error| failure::of("cloudformation:DeleteStack", error))?;
    let progress = tell.with_progress(resources);
    follow::follow(session, &progress, id, after.as_deref()).await?.check("DELETE_COMPLETE")
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::{primitives::DateTime, types::ResourceStatus};
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    fn resource(id: &str) -> StackResourceSummary {
        let resource =
            StackResourceSummary::builder().logical_resource_id(id).physical_resource_id(format!("orders-{id}"));
        let resource = resource.resource_type("T").resource_status(ResourceStatus::CreateComplete);
        resource.last_updated_timestamp(DateTime::from_secs(0)).build()
    }

    #[test]
    fn what_stays_is_told_by_the_name_that_it_has_in_the_account() {
        let template = json!({"Resources": {
            "OrderTable": {"DeletionPolicy": "Retain"},
            "ReportLogGroup": {"DeletionPolicy": "Delete"},
            "ReportRole": {},
        }});
        let resources = ["OrderTable", "ReportLogGroup", "ReportRole", "HttpApiApiGatewayDefaultStage"].map(resource);
        let kept = kept(Some(&template), &resources);
        expect![[r#"
            of the stack `orders`, 3 resources are deleted, and these stay in the account, with what they hold and cost, until you delete them by hand:
              OrderTable  orders-OrderTable"#]]
        .assert_eq(&said("orders", resources.len() - kept.len(), &kept));
    }

    #[test]
    fn where_nothing_stays_that_is_said() {
        assert_eq!(said("orders", 2, &[]), "of the stack `orders`, 2 resources are deleted, and nothing stays");
    }
}
