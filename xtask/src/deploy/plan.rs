//! What a deployment would do: compared by CloudFormation, with nothing executed.

use std::collections::BTreeMap;

use anyhow::Result;
use aws_sdk_cloudformation::types::Stack;
use serde_json::Value;

use super::{
    Target,
    bucket::Bucket,
    change_set::{self, ChangeSet, Request},
    follow,
    guard::{self, Loss},
    moves, nested,
    session::Session,
    stack::{self, State},
    steps::{self, Step},
    tell::Tell,
    templates::Templates,
};
use crate::{
    diff::{self, Action, Change, Replacement, Report},
    template::{self, Stacks},
};

/// The stack as it is found, with nothing under way.
#[derive(Debug)]
pub(super) struct Found {
    /// A stack with resources.
    pub(super) stack: Option<Stack>,
    /// A stack that a change set, which nobody executed, is the only part of.
    is_empty: bool,
    /// The template of the stack itself.
    pub(super) template: Option<Value>,
    /// The templates of its nested stacks.
    parts: BTreeMap<String, Value>,
    /// All of these as one.
    pub(super) whole: Option<Value>,
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
        let parts = match &template {
            Some(root) => stack::parts(session, name, root).await?,
            None => BTreeMap::new(),
        };
        let whole = template.as_ref().map(|root| template::join(root, &parts));
        Ok(Self { stack: stack.filter(|_| !is_absent), is_empty, template, parts, whole })
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
    /// The templates of the first step, if functions go to other stacks.
    pub(super) before_moving: Option<Templates>,
}

impl Plan {
    /// Compares; `None` if there is nothing to do.
    pub(super) async fn make(
        session: &Session,
        tell: &Tell,
        target: &Target,
        found: &Found,
        templates: &Templates,
    ) -> Result<Option<Self>> {
        let Templates { whole, stacks: Stacks { root, .. }, .. } = templates;
        templates.upload(&Bucket::of(session), tell).await?;
        let Some(mut change_set) = change_set(session, tell, target, found.stack.as_ref(), root).await? else {
            return Ok(None);
        };
        let (old_root, old) = (found.template.as_ref(), found.whole.as_ref());
        change_set.changes = nested::told(old, whole, root, change_set.changes);
        if change_set.changes.is_empty() && old_root == Some(root) {
            change_set.discard(session, found.stack.as_ref()).await?; // all that CloudFormation found may be, and is not
            return Ok(None);
        }
        let changes = guard::settled(old, whole, &change_set.changes);
        let mut steps = steps::split(old_root, root);
        let before_moving = match &mut steps[..] {
            [only] => before_moving(session, target, found, templates)?.inspect(|_| only.title = moves::LAST.into()),
            _ => None, // in between, tables would not be as they are
        };
        let first =
            before_moving.as_ref().map(|it| Step { title: moves::FIRST.into(), template: it.stacks.root.clone() });
        steps.splice(..0, first);
        Ok(Some(Self {
            report: diff::report(old, whole, &changes),
            losses: guard::losses(old, whole, &changes),
            steps,
            before_moving,
            change_set,
        }))
    }

    /// Takes back what the comparison left in the account.
    pub(super) async fn discard(self, session: &Session, found: &Found) -> Result<()> {
        self.change_set.discard(session, found.stack.as_ref()).await
    }
}

/// What is deployed first, if functions go to other stacks.
fn before_moving(
    session: &Session,
    target: &Target,
    found: &Found,
    templates: &Templates,
) -> Result<Option<Templates>> {
    let Some(root) = &found.template else { return Ok(None) };
    let old = Stacks { root: root.clone(), parts: found.parts.clone() };
    let between = moves::are_there(&old, &templates.stacks).then(|| moves::between(&old, &templates.stacks)).flatten();
    let of_stacks = |between| {
        Templates::of_stacks(templates.whole.clone(), between, &target.manifest.application, &Bucket::of(session))
    };
    between.map(of_stacks).transpose()
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
