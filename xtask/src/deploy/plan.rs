//! What a deployment would do: compared by CloudFormation, with nothing executed.

use anyhow::Result;
use aws_sdk_cloudformation::types::Stack;
use serde_json::Value;

use super::{
    Target,
    bucket::Bucket,
    change_set::{self, ChangeSet, Request},
    follow,
    guard::{self, Loss},
    session::Session,
    stack::{self, State},
    steps::{self, Step},
    tell::Tell,
};
use crate::diff::{self, Action, Change, Replacement, Report};

/// The stack as it is found, with nothing under way.
#[derive(Debug)]
pub(super) struct Found {
    /// A stack with resources.
    pub(super) stack: Option<Stack>,
    /// A stack that a change set, which nobody executed, is the only part of.
    is_empty: bool,
    pub(super) template: Option<Value>,
}

impl Found {
    /// Finds the stack. Something that an interrupted run left under way is followed to its end first.
    pub(super) async fn settled(session: &Session, tell: &Tell, name: &str) -> Result<Self> {
        let mut stack = stack::find(session, name).await?;
        if let (State::Busy, Some(found)) = (state(stack.as_ref()), &stack) {
            tell.note(&format!("something is under way in the stack `{name}`: following it"))?;
            let ended = follow::follow(session, tell, &stack::id(found)?, None).await?;
            tell.note(&format!("that has ended as {}", ended.status))?;
            stack = stack::find(session, name).await?;
        }
        let reason = stack.as_ref().and_then(|stack| stack.stack_status_reason());
        state(stack.as_ref()).check(name, reason)?;
        let is_absent = state(stack.as_ref()) == State::Absent;
        let is_empty = is_absent && stack.is_some();
        let template = if is_absent { None } else { stack::template(session, name).await? };
        Ok(Self { stack: stack.filter(|_| !is_absent), is_empty, template })
    }

    /// Deletes the change sets that interrupted deployments left.
    pub(super) async fn clear(&self, session: &Session, name: &str) -> Result<()> {
        if self.stack.is_none() && !self.is_empty {
            return Ok(());
        }
        change_set::delete_leftovers(session, name).await
    }
}

fn state(stack: Option<&Stack>) -> State {
    State::of(stack.and_then(|stack| stack.stack_status()))
}

/// Everything that there is to agree to.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) change_set: ChangeSet,
    pub(super) report: Report,
    pub(super) losses: Vec<Loss>,
    pub(super) steps: Vec<Step>,
}

impl Plan {
    /// Compares; `None` if there is nothing to do.
    pub(super) async fn make(
        session: &Session,
        tell: &Tell,
        target: &Target,
        found: &Found,
        template: &Value,
    ) -> Result<Option<Self>> {
        let Some(change_set) = change_set(session, tell, target, found.stack.as_ref(), template).await? else {
            return Ok(None);
        };
        let old = found.template.as_ref();
        let changes = guard::settled(old, template, &change_set.changes);
        Ok(Some(Self {
            report: diff::report(old, template, &changes),
            losses: guard::losses(old, template, &changes),
            steps: steps::split(old, template),
            change_set,
        }))
    }

    /// Takes back what the comparison left in the account.
    pub(super) async fn discard(self, session: &Session, found: &Found) -> Result<()> {
        self.change_set.discard(session, found.stack.as_ref()).await
    }
}

/// Has CloudFormation compare the stack with a template.
pub(super) async fn change_set(
    session: &Session,
    tell: &Tell,
    target: &Target,
    existing: Option<&Stack>,
    template: &Value,
) -> Result<Option<ChangeSet>> {
    let body = Bucket::of(session).body(&target.application.package, template, tell).await?;
    ChangeSet::create(session, Request { stack: &target.stack, existing, template, body, stage: &target.stage }).await
}

/// What the first deployment would do. It needs no change set, which would leave an empty stack.
pub(super) fn first(template: &Value) -> Report {
    let resources = template["Resources"].as_object().into_iter().flatten();
    let added = resources.map(|(id, resource)| Change {
        logical_id: id.clone(),
        resource_type: resource["Type"].as_str().unwrap_or_default().to_owned(),
        physical_id: None,
        action: Action::Add,
        replacement: Replacement::False,
        properties: Vec::new(),
    });
    diff::report(None, template, &added.collect::<Vec<_>>())
}
