//! The stack as it is, and what can be done with it in that state.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use aws_sdk_cloudformation::{
    error::ProvideErrorMetadata,
    types::{Output, Stack, StackResourceSummary, StackStatus, TemplateStage},
};
use serde_json::Value;

use super::{failure, nested, session::Session};
use crate::template;

/// What a stack's status means to a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is none, or one that a change set is the only part of.
    Absent,
    /// It can be updated.
    Ready,
    /// Something is under way, of an interrupted deployment or of somebody else.
    Busy,
    /// It never came to be, and all that can be done is to delete it.
    Stillborn,
    /// The rollback of an update failed; CloudFormation refuses all but to go on with it.
    Stuck,
    /// Its deletion failed.
    HalfDeleted,
}

impl State {
    pub(super) fn of(status: Option<&StackStatus>) -> Self {
        use StackStatus as S;
        match status {
            None | Some(S::ReviewInProgress | S::DeleteComplete) => Self::Absent,
            Some(S::CreateFailed | S::RollbackComplete | S::RollbackFailed) => Self::Stillborn,
            Some(S::UpdateRollbackFailed | S::ImportRollbackFailed) => Self::Stuck,
            Some(S::DeleteFailed) => Self::HalfDeleted,
            Some(status) if status.as_str().ends_with("_IN_PROGRESS") => Self::Busy,
            Some(_) => Self::Ready,
        }
    }

    /// Why nothing can be deployed to the stack, and what to do about it.
    pub(super) fn check(self, stack: &str, reason: Option<&str>) -> Result<()> {
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        match self {
            Self::Absent | Self::Ready | Self::Busy => Ok(()),
            Self::Stillborn => Err(anyhow!(
                "the stack `{stack}` never came to be{reason}, and CloudFormation can only delete it: run `cargo xtask remove`, then deploy again"
            )),
            Self::Stuck => Err(anyhow!(
                "the last update of the stack `{stack}` could not be rolled back{reason}: put right what its events name, then run `aws cloudformation continue-update-rollback --stack-name {stack}`, and deploy again"
            )),
            Self::HalfDeleted => {
                Err(anyhow!("the stack `{stack}` is half deleted{reason}: run `cargo xtask remove` again, then deploy"))
            }
        }
    }
}

/// The stack of that name or id, if there is one.
pub(super) async fn find(session: &Session, stack: &str) -> Result<Option<Stack>> {
    match session.cloudformation.describe_stacks().stack_name(stack).send().await {
        Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next()),
        Err(error) if is_absent(error.code(), error.message()) => Ok(None),
        Err(error) => Err(failure::of("cloudformation:DescribeStacks", error)),
    }
}

/// CloudFormation has no code of its own for a stack that it does not have.
fn is_absent(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ValidationError") && message.is_some_and(|message| message.contains("does not exist"))
}

/// The template that the stack was given, before any transform; one that is not to be read is as good as none.
pub(super) async fn template(session: &Session, stack: &str) -> Result<Option<Value>> {
    let template = session.cloudformation.get_template().stack_name(stack).template_stage(TemplateStage::Original);
    let template = template.send().await.map_err(|error| failure::of("cloudformation:GetTemplate", error))?;
    Ok(template.template_body().and_then(|text| template::parse(text).ok()).filter(Value::is_object))
}

/// The nested stacks of a stack: the logical id of each, and its own id.
pub(super) async fn nested(session: &Session, stack: &str) -> Result<Vec<(String, String)>> {
    let resources = resources(session, stack).await?.into_iter();
    let stacks = resources.filter(|it| it.resource_type() == Some(nested::STACK));
    let pair = |it: StackResourceSummary| Some((it.logical_resource_id?, it.physical_resource_id?));
    Ok(stacks.filter_map(pair).collect())
}

/// The resources that a stack has.
pub(super) async fn resources(session: &Session, stack: &str) -> Result<Vec<StackResourceSummary>> {
    let mut resources = Vec::new();
    let mut pages = session.cloudformation.list_stack_resources().stack_name(stack).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure::of("cloudformation:ListStackResources", error))?;
        resources.extend_from_slice(page.stack_resource_summaries());
    }
    resources.retain(|resource| resource.resource_status().is_none_or(|it| it.as_str() != "DELETE_COMPLETE"));
    Ok(resources)
}

/// The templates of the nested stacks that a template was cut into.
pub(super) async fn parts(session: &Session, stack: &str, root: &Value) -> Result<BTreeMap<String, Value>> {
    let is_part = |id: &str| crate::template::is_part(id) && root["Resources"][id]["Type"] == nested::STACK;
    let mut parts = BTreeMap::new();
    if !root["Resources"].as_object().is_some_and(|resources| resources.keys().any(|id| is_part(id))) {
        return Ok(parts);
    }
    for (part, id) in nested(session, stack).await?.into_iter().filter(|(part, _)| is_part(part)) {
        parts.extend(template(session, &id).await?.map(|template| (part, template)));
    }
    Ok(parts)
}

/// The id, by which a stack can be found after its deletion too.
pub(super) fn id(stack: &Stack) -> Result<String> {
    stack.stack_id().map(Into::into).context("CloudFormation gives the stack no id")
}

/// The outputs, by name.
pub(super) fn outputs(stack: &Stack) -> Vec<(String, String)> {
    let pair = |output: &Output| Some((output.output_key()?.to_owned(), output.output_value()?.to_owned()));
    let mut outputs: Vec<_> = stack.outputs().iter().filter_map(pair).collect();
    outputs.sort();
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(status: &str) -> State {
        State::of(Some(&StackStatus::from(status)))
    }

    #[test]
    fn every_status_has_a_meaning() {
        let meaning =
            |state| StackStatus::values().iter().filter(|it| self::state(it) == state).copied().collect::<Vec<_>>();
        assert_eq!(meaning(State::Absent), ["DELETE_COMPLETE", "REVIEW_IN_PROGRESS"]);
        assert_eq!(meaning(State::Stillborn), ["CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"]);
        assert_eq!(meaning(State::Stuck), ["IMPORT_ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED"]);
        assert_eq!(meaning(State::HalfDeleted), ["DELETE_FAILED"]);
        assert_eq!(
            meaning(State::Ready),
            [
                "CREATE_COMPLETE",
                "IMPORT_COMPLETE",
                "IMPORT_ROLLBACK_COMPLETE",
                "UPDATE_COMPLETE",
                "UPDATE_FAILED",
                "UPDATE_ROLLBACK_COMPLETE"
            ]
        );
        assert!(meaning(State::Busy).iter().all(|status| status.ends_with("_IN_PROGRESS")));
        assert_eq!(State::of(None), State::Absent);
    }

    #[test]
    fn a_stack_that_cannot_be_updated_says_what_to_run() {
        let error = |status: &str| state(status).check("orders", Some("no bucket")).unwrap_err().to_string();
        assert!(error("ROLLBACK_COMPLETE").starts_with("the stack `orders` never came to be (no bucket)"));
        assert!(error("ROLLBACK_COMPLETE").contains("run `cargo xtask remove`"));
        assert!(error("UPDATE_ROLLBACK_FAILED").contains("continue-update-rollback --stack-name orders`"));
        assert!(error("DELETE_FAILED").contains("run `cargo xtask remove` again"));
        state("UPDATE_COMPLETE").check("orders", None).unwrap();
    }

    #[test]
    fn a_missing_stack_is_told_from_a_refused_request() {
        assert!(is_absent(Some("ValidationError"), Some("Stack with id orders does not exist")));
        assert!(!is_absent(Some("ValidationError"), Some("Member must have length less than 128")));
        assert!(!is_absent(Some("AccessDenied"), Some("Stack with id orders does not exist")));
    }
}
