//! A change set: what CloudFormation would do, before it does it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use aws_sdk_cloudformation::types::{
    self as aws, Capability, ChangeAction, ChangeSetStatus, ChangeSetType, Parameter, RequiresRecreation, Stack, Tag,
};
use serde_json::Value;

use super::{bucket::Body, failure, nested, pace::Pace, session::Session};
use crate::{
    diff::{Action, Change, Property, Recreation, Replacement},
    stage::Stage,
};

/// All change sets that are made here are called so, which tells those that an interrupted run left.
const PREFIX: &str = "skyloom-";

/// A change set that can be executed.
#[derive(Debug)]
pub(super) struct ChangeSet {
    pub(super) id: String,
    /// The stack's, which a first change set makes.
    pub(super) stack: String,
    pub(super) changes: Vec<Change>,
}

/// What a change set is made of.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) stack: &'a str,
    /// The stack as it is, unless this is to make it.
    pub(super) existing: Option<&'a Stack>,
    pub(super) template: &'a Value,
    pub(super) body: Body,
    pub(super) stage: &'a Stage,
}

impl ChangeSet {
    /// Has CloudFormation compare; `None` if there is nothing to change.
    pub(super) async fn create(session: &Session, request: Request<'_>) -> Result<Option<Self>> {
        let kind = if request.existing.is_some() { ChangeSetType::Update } else { ChangeSetType::Create };
        let call = session
            .cloudformation
            .create_change_set()
            .stack_name(request.stack)
            .change_set_name(new_name())
            .change_set_type(kind)
            .capabilities(Capability::CapabilityNamedIam) // and so unnamed: what roles may do is shown, named or not
            .capabilities(Capability::CapabilityAutoExpand)
            .set_include_nested_stacks(has_nested(request.template).then_some(true))
            .set_parameters(Some(parameters(request.template, request.existing)))
            .set_tags(Some(tags(request.stage)))
            .set_role_arn(session.role.clone());
        let call = match request.body {
            Body::Inline(text) => call.template_body(text),
            Body::Url(url) => call.template_url(url),
        };
        let made = call.send().await.map_err(|error| failure::of("cloudformation:CreateChangeSet", error))?;
        let id = made.id().context("CloudFormation gives the change set no id")?.to_owned();
        let stack = made.stack_id().context("CloudFormation gives the stack no id")?.to_owned();
        match described(session, &id, &stack).await {
            Ok(Some(changes)) => Ok(Some(Self { id, stack, changes })),
            Ok(None) => discard(session, &id, &stack, request.existing).await.map(|()| None),
            Err(error) => {
                drop(discard(session, &id, &stack, request.existing).await); // what went wrong first is what is told
                Err(error)
            }
        }
    }

    pub(super) async fn execute(&self, session: &Session) -> Result<()> {
        let call = session.cloudformation.execute_change_set().change_set_name(&self.id).stack_name(&self.stack);
        call.send().await.map_err(|error| failure::of("cloudformation:ExecuteChangeSet", error))?;
        Ok(())
    }

    /// Takes it back, and with it the stack, if it is to make one.
    pub(super) async fn discard(self, session: &Session, existing: Option<&Stack>) -> Result<()> {
        discard(session, &self.id, &self.stack, existing).await
    }
}

async fn discard(session: &Session, id: &str, stack: &str, existing: Option<&Stack>) -> Result<()> {
    delete(session, id, stack).await?;
    if existing.is_none() {
        let call = session.cloudformation.delete_stack().stack_name(stack).set_role_arn(session.role.clone());
        let call = call.send().await;
        call.map_err(|error| failure::of("cloudformation:DeleteStack", error))?;
    }
    Ok(())
}

/// Deletes what interrupted runs left.
pub(super) async fn delete_leftovers(session: &Session, stack: &str) -> Result<()> {
    let mut pages = session.cloudformation.list_change_sets().stack_name(stack).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure::of("cloudformation:ListChangeSets", error))?;
        let ours = page.summaries().iter().filter(|it| it.change_set_name().is_some_and(|it| it.starts_with(PREFIX)));
        for id in ours.filter_map(|it| it.change_set_id()) {
            delete(session, id, stack).await?;
        }
    }
    Ok(())
}

async fn delete(session: &Session, id: &str, stack: &str) -> Result<()> {
    let call = session.cloudformation.delete_change_set().change_set_name(id).stack_name(stack);
    call.send().await.map_err(|error| failure::of("cloudformation:DeleteChangeSet", error))?;
    Ok(())
}

fn has_nested(template: &Value) -> bool {
    template["Resources"].as_object().into_iter().flatten().any(|(_, it)| it["Type"] == nested::STACK)
}

/// A name that no other run has at the same time.
fn new_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{PREFIX}{}-{}", now.as_millis(), std::process::id())
}

/// Waits until CloudFormation has compared, and reads all of what it found.
async fn described(session: &Session, id: &str, stack: &str) -> Result<Option<Vec<Change>>> {
    let mut pace = Pace::default();
    loop {
        let call = session.cloudformation.describe_change_set().change_set_name(id).stack_name(stack);
        let answer = call.send().await.map_err(|error| failure::of("cloudformation:DescribeChangeSet", error))?;
        match answer.status() {
            Some(ChangeSetStatus::CreateComplete) => return changes(session, id, stack).await.map(Some),
            Some(ChangeSetStatus::Failed) => {
                let reason = answer.status_reason().unwrap_or("CloudFormation gave no reason");
                if is_empty(reason) {
                    return Ok(None);
                }
                let nested = nested_reason(session, reason).await;
                let reason = nested.as_deref().unwrap_or(reason);
                let hint = failure::denied(reason).map(|hint| format!(". {hint}")).unwrap_or_default();
                bail!("CloudFormation refuses the template: {reason}{hint}");
            }
            _ => pace.wait().await,
        }
    }
}

/// CloudFormation counts it a failure, without a code, that nothing changes.
fn is_empty(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

/// Of a change set that failed for one of a nested stack, CloudFormation says only which: why is said there.
async fn nested_reason(session: &Session, reason: &str) -> Option<String> {
    let mut nested = nested_change_set(reason)?.to_owned();
    loop {
        let answer = session.cloudformation.describe_change_set().change_set_name(&nested).send().await.ok()?;
        let stack = answer.stack_name().unwrap_or_default();
        let reason = answer.status_reason()?;
        match nested_change_set(reason) {
            Some(deeper) if deeper != nested => nested = deeper.to_owned(),
            _ => return Some(format!("{reason} (the nested stack {stack})")),
        }
    }
}

fn nested_change_set(reason: &str) -> Option<&str> {
    let arn = reason.strip_prefix("Nested change set ")?.split_whitespace().next()?;
    arn.contains(":changeSet/").then_some(arn)
}

/// The changes of a change set, and after it those of the nested ones that belong to it.
async fn changes(session: &Session, id: &str, stack: &str) -> Result<Vec<Change>> {
    let (mut changes, mut next) = (Vec::new(), None);
    let mut open = vec![session.cloudformation.describe_change_set().change_set_name(id).stack_name(stack)];
    while let Some(call) = open.pop() {
        let page = call.clone().set_next_token(next).send().await;
        let page = page.map_err(|error| failure::of("cloudformation:DescribeChangeSet", error))?;
        for told in page.changes().iter().filter_map(|it| it.resource_change()) {
            changes.extend(change(told));
            open.extend(
                told.change_set_id().map(|id| session.cloudformation.describe_change_set().change_set_name(id)),
            );
        }
        next = page.next_token().map(Into::into);
        if next.is_some() {
            open.push(call);
        }
    }
    Ok(changes)
}

/// In our words; one without a name says nothing.
fn change(change: &aws::ResourceChange) -> Option<Change> {
    Some(Change {
        logical_id: change.logical_resource_id()?.into(),
        resource_type: change.resource_type()?.into(),
        physical_id: change.physical_resource_id().filter(|id| !id.is_empty()).map(Into::into),
        action: match change.action()? {
            ChangeAction::Add => Action::Add,
            ChangeAction::Remove => Action::Remove,
            ChangeAction::Import => Action::Import,
            ChangeAction::Dynamic => Action::Dynamic,
            _ => Action::Modify,
        },
        replacement: match change.replacement() {
            Some(aws::Replacement::True) => Replacement::True,
            Some(aws::Replacement::Conditional) => Replacement::Conditional,
            _ => Replacement::False,
        },
        properties: properties(change),
    })
}

/// Each property once, though several causes may change it; the most that one of them may do counts.
fn properties(change: &aws::ResourceChange) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::new();
    for target in change.details().iter().filter_map(|detail| detail.target()) {
        let Some(name) = target.name() else { continue };
        let recreation = match target.requires_recreation() {
            Some(RequiresRecreation::Always) => Recreation::Always,
            Some(RequiresRecreation::Conditionally) => Recreation::Conditionally,
            _ => Recreation::Never,
        };
        match properties.iter_mut().find(|it| it.name == name) {
            Some(known) if weight(known.recreation) < weight(recreation) => known.recreation = recreation,
            Some(_) => {}
            None => properties.push(Property { name: name.into(), recreation }),
        }
    }
    properties
}

fn weight(recreation: Recreation) -> u8 {
    match recreation {
        Recreation::Never => 0,
        Recreation::Conditionally => 1,
        Recreation::Always => 2,
    }
}

/// A parameter has the template's value, which is the stage's; one that an override brought without a value keeps the stack's.
fn parameters(template: &Value, existing: Option<&Stack>) -> Vec<Parameter> {
    let all = template["Parameters"].as_object().into_iter().flatten();
    let open = all.filter(|(_, parameter)| parameter["Default"].is_null()).map(|(name, _)| name);
    let known =
        |name: &str| existing.is_some_and(|stack| stack.parameters().iter().any(|it| it.parameter_key() == Some(name)));
    open.filter(|name| known(name))
        .map(|name| Parameter::builder().parameter_key(name).use_previous_value(true).build())
        .collect()
}

fn tags(stage: &Stage) -> Vec<Tag> {
    stage.settings.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn that_nothing_changes_is_told_from_a_failure() {
        assert!(is_empty(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        ));
        assert!(is_empty("No updates are to be performed."));
        assert!(!is_empty(
            "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification"
        ));
    }

    #[test]
    fn a_failed_nested_change_set_is_the_one_to_ask() {
        let arn = "arn:aws:cloudformation:eu-west-1:1:changeSet/skyloom-1-Part3/7";
        let reason = format!("Nested change set {arn} was not successfully created: Currently in FAILED.");
        assert_eq!(nested_change_set(&reason), Some(arn));
        assert_eq!(nested_change_set("Template format error"), None);
    }

    #[test]
    fn a_change_is_read_as_cloudformation_tells_it() {
        let detail = |name: &str, recreation| {
            let target = aws::ResourceTargetDefinition::builder().name(name).requires_recreation(recreation).build();
            aws::ResourceChangeDetail::builder().target(target).build()
        };
        let told = aws::ResourceChange::builder()
            .logical_resource_id("OrderTable")
            .physical_resource_id("orders-1A2B")
            .resource_type("AWS::DynamoDB::Table")
            .action(ChangeAction::Modify)
            .replacement(aws::Replacement::True)
            .details(detail("KeySchema", RequiresRecreation::Conditionally))
            .details(detail("KeySchema", RequiresRecreation::Always))
            .details(detail("BillingMode", RequiresRecreation::Never))
            .build();
        let change = change(&told).unwrap();
        assert_eq!((change.action, change.replacement), (Action::Modify, Replacement::True));
        assert_eq!(change.physical_id.as_deref(), Some("orders-1A2B"));
        let properties: Vec<_> = change.properties.iter().map(|it| (&*it.name, it.recreation)).collect();
        assert_eq!(properties, [("KeySchema", Recreation::Always), ("BillingMode", Recreation::Never)]);
    }

    #[test]
    fn a_parameter_without_a_value_keeps_the_stacks() {
        let template = json!({"Parameters": {"Old": {}, "Fresh": {}, "Said": {"Default": "x"}}});
        let stack = Stack::builder();
        let stack = ["Old", "Said"].into_iter().fold(stack, |stack, key| {
            stack.parameters(Parameter::builder().parameter_key(key).parameter_value("v").build())
        });
        let parameters = parameters(&template, Some(&stack.build()));
        assert_eq!(parameters.iter().map(|it| it.parameter_key().unwrap()).collect::<Vec<_>>(), ["Old"]);
        assert_eq!(parameters[0].use_previous_value(), Some(true));
    }
}
