//! Follows what CloudFormation does, event by event, to its end; and finds, in a failure, what came first.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, anyhow};
use aws_sdk_cloudformation::types::StackEvent;

use super::{failure, nested, pace::Pace, session::Session, shift, tell::Tell};

/// An event of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    id: String,
    pub(super) logical_id: String,
    physical_id: String,
    stack: String,
    pub(super) resource_type: String,
    /// `CREATE_IN_PROGRESS`
    pub(super) status: String,
    pub(super) reason: Option<String>,
    /// Milliseconds since the epoch.
    time: i64,
}

/// How an operation ended.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The stack's status.
    pub(super) status: String,
    /// In the order in which they happened.
    events: Vec<Event>,
}

/// The newest event, after which those of an operation to come begin.
pub(super) async fn newest(session: &Session, stack: &str) -> Result<Option<String>> {
    Ok(page(session, stack, None).await?.0.into_iter().next().map(|event| event.id))
}

/// Follows the operation that began after an event; without one, the operation that is under way.
pub(super) async fn follow(session: &Session, tell: &Tell, stack: &str, after: Option<&str>) -> Result<Outcome> {
    let mut root = Followed { seen: after.map(Into::into).into_iter().collect(), ..Followed::default() };
    let mut nested: BTreeMap<String, Followed> = BTreeMap::new();
    let (mut events, mut pace): (Vec<Event>, _) = (Vec::new(), Pace::default());
    loop {
        let mut new = root.new_events(session, stack, 0).await?;
        let end = new.iter().find(|event| event.is_end()).map(|event| event.status.clone());
        for id in new.iter().filter_map(Event::nested_stack) {
            nested.entry(id.to_owned()).or_default().is_over = false;
        }
        let start = events.first().or(new.first()).map_or(0, |event| event.time);
        for (id, followed) in nested.iter_mut().filter(|(_, followed)| !followed.is_over) {
            let of_nested = followed.new_events(session, id, start).await?;
            followed.is_over = of_nested.iter().any(Event::is_end);
            new.extend(of_nested);
        }
        new.sort_by_key(|event| event.time); // stable: those of one stack stay in their order
        if !new.is_empty() {
            pace.restart();
        }
        new.iter().for_each(|event| tell.event(event));
        events.extend(new);
        match end {
            Some(status) => return Ok(Outcome { status, events }),
            None => pace.wait().await,
        }
    }
}

/// A stack whose events are read.
#[derive(Debug, Default)]
struct Followed {
    seen: HashSet<String>,
    /// Whether its own part in the operation has ended.
    is_over: bool,
}

impl Followed {
    /// The events that were not seen; of a nested stack none from before the operation, which are another's.
    async fn new_events(&mut self, session: &Session, stack: &str, start: i64) -> Result<Vec<Event>> {
        let mut new = since(session, stack, &self.seen).await?;
        self.seen.extend(new.iter().map(|event| event.id.clone()));
        new.retain(|event| event.time >= start);
        if let Some(end) = new.iter().position(Event::is_end) {
            new.truncate(end + 1);
        }
        Ok(new)
    }
}

/// Events that were not seen, oldest first; of an operation of which none was seen, all from its beginning.
async fn since(session: &Session, stack: &str, seen: &HashSet<String>) -> Result<Vec<Event>> {
    let (mut events, mut next) = (Vec::new(), None);
    loop {
        let (page, more) = page(session, stack, next).await?;
        let complete = take_new(page, seen, &mut events);
        next = more;
        if complete || next.is_none() {
            events.reverse();
            return Ok(events);
        }
    }
}

/// Takes events, newest first, up to one that was seen or that began the operation. Says whether there was one.
fn take_new(page: Vec<Event>, seen: &HashSet<String>, events: &mut Vec<Event>) -> bool {
    for event in page {
        if seen.contains(&event.id) {
            return true;
        }
        let beginning = event.is_beginning();
        events.push(event);
        if beginning {
            return true;
        }
    }
    false
}

/// A page of events, newest first, and where the next one is.
async fn page(session: &Session, stack: &str, next: Option<String>) -> Result<(Vec<Event>, Option<String>)> {
    let call = session.cloudformation.describe_stack_events().stack_name(stack).set_next_token(next);
    let page = call.send().await.map_err(|error| failure::of("cloudformation:DescribeStackEvents", error))?;
    let next = page.next_token().map(Into::into);
    Ok((page.stack_events().iter().map(Event::from).collect(), next))
}

impl From<&StackEvent> for Event {
    fn from(event: &StackEvent) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self {
            id: text(event.event_id()),
            logical_id: text(event.logical_resource_id()),
            physical_id: text(event.physical_resource_id()),
            stack: text(event.stack_id()),
            resource_type: text(event.resource_type()),
            status: text(event.resource_status().map(|it| it.as_str())),
            reason: event.resource_status_reason().filter(|it| !it.is_empty()).map(Into::into),
            time: event.timestamp().and_then(|time| time.to_millis().ok()).unwrap_or_default(),
        }
    }
}

impl Event {
    /// Whether it is the stack's own, and not one of a stack in it.
    pub(super) fn is_of_stack(&self) -> bool {
        self.resource_type == nested::STACK && self.physical_id == self.stack
    }

    /// The id of the nested stack that this is about.
    fn nested_stack(&self) -> Option<&str> {
        let is_nested = self.resource_type == nested::STACK && !self.is_of_stack() && !self.physical_id.is_empty();
        is_nested.then_some(&*self.physical_id)
    }

    fn is_beginning(&self) -> bool {
        const BEGINNINGS: [&str; 5] = [
            "CREATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "DELETE_IN_PROGRESS",
            "IMPORT_IN_PROGRESS",
            "REVIEW_IN_PROGRESS",
        ];
        self.is_of_stack() && BEGINNINGS.contains(&&*self.status)
    }

    /// `UPDATE_FAILED` is followed by the rollback; a stack that has failed for good says so in other words.
    fn is_end(&self) -> bool {
        const FAILED: [&str; 5] =
            ["CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED"];
        self.is_of_stack() && (self.status.ends_with("_COMPLETE") || FAILED.contains(&&*self.status))
    }

    /// Whether something failed by itself, and not because something else did.
    fn is_cause(&self) -> bool {
        let cancelled = self.reason.as_ref().is_some_and(|it| it.contains("cancelled"));
        self.status.ends_with("_FAILED") && !cancelled
    }
}

impl Outcome {
    /// Nothing, or why the operation did not end as it should, and what became of the stack.
    pub(super) fn check(&self, wanted: &str) -> Result<()> {
        if self.status == wanted {
            return Ok(());
        }
        let cause = self.cause().map_or("CloudFormation names no cause".into(), ToString::to_string);
        let denied = self.cause().and_then(|it| failure::denied(it.reason.as_deref()?));
        let hint = denied.or_else(|| self.cause().and_then(shift::explained));
        let hint = hint.map(|hint| format!("\n{hint}")).unwrap_or_default();
        Err(anyhow!("{cause}{hint}\n{}", consequence(&self.status)))
    }

    /// The first that failed; what follows are its consequences. Of a nested stack it is what failed in it.
    fn cause(&self) -> Option<&Event> {
        let failed = || self.events.iter().filter(|event| !event.is_of_stack() && event.is_cause());
        let of_resources = failed().filter(|event| event.resource_type != nested::STACK).min_by_key(|event| event.time);
        of_resources.or_else(|| failed().next()).or_else(|| {
            let told = |event: &&Event| event.is_of_stack() && event.reason.is_some();
            self.events.iter().filter(told).find(|it| it.is_cause() || it.status.contains("ROLLBACK_IN_PROGRESS"))
        })
    }
}

fn consequence(status: &str) -> String {
    match status {
        "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => {
            "The stack was rolled back and is as it was before: put that right and deploy again".into()
        }
        "ROLLBACK_COMPLETE" | "CREATE_FAILED" | "ROLLBACK_FAILED" => format!(
            "The stack was not made ({status}): put that right, run `cargo xtask remove`, and deploy again"
        ),
        "UPDATE_ROLLBACK_FAILED" => "The rollback failed too: put right what the events name, run `aws cloudformation continue-update-rollback`, and deploy again".into(),
        "DELETE_FAILED" => "The stack is half deleted: put that right and run `cargo xtask remove` again".into(),
        "DELETE_COMPLETE" => "The stack was deleted meanwhile: deploy again".into(),
        other => format!("The stack ended as {other}"),
    }
}

/// `OrderTable` (AWS::DynamoDB::Table) CREATE_FAILED: why
impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ({}) {}", self.logical_id, self.resource_type, self.status)?;
        self.reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const STACK: &str = "arn:aws:cloudformation:eu-west-1:1:stack/orders/1";

    fn event(id: usize, logical_id: &str, status: &str, reason: &str) -> Event {
        let is_stack = logical_id == "orders";
        Event {
            id: id.to_string(),
            logical_id: logical_id.into(),
            physical_id: if is_stack { STACK.into() } else { logical_id.to_lowercase() },
            stack: STACK.into(),
            resource_type: if is_stack { "AWS::CloudFormation::Stack" } else { "AWS::DynamoDB::Table" }.into(),
            status: status.into(),
            reason: (!reason.is_empty()).then(|| reason.into()),
            time: id.try_into().unwrap(),
        }
    }

    fn outcome(events: &[(&str, &str, &str)]) -> Outcome {
        let events: Vec<_> =
            events.iter().enumerate().map(|(id, (name, status, reason))| event(id, name, status, reason)).collect();
        Outcome { status: events.last().unwrap().status.clone(), events }
    }

    #[test]
    fn the_first_cause_is_told_and_not_what_was_cancelled_for_it() {
        let outcome = outcome(&[
            ("orders", "UPDATE_IN_PROGRESS", "User Initiated"),
            ("ShipmentTable", "CREATE_FAILED", "Resource creation cancelled"),
            ("OrderTable", "UPDATE_FAILED", "Attempting to create more than one index"),
            ("CartTable", "CREATE_FAILED", "Another symptom"),
            ("orders", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [OrderTable]."),
            ("orders", "UPDATE_ROLLBACK_COMPLETE", ""),
        ]);
        expect![[r#"
            `OrderTable` (AWS::DynamoDB::Table) UPDATE_FAILED: Attempting to create more than one index
            The stack was rolled back and is as it was before: put that right and deploy again"#]]
        .assert_eq(&outcome.check("UPDATE_COMPLETE").unwrap_err().to_string());
    }

    #[test]
    fn traffic_that_codedeploy_took_back_is_told_with_where_to_look() {
        let mut outcome = outcome(&[
            ("orders", "UPDATE_IN_PROGRESS", "User Initiated"),
            ("PlaceOrderFunctionAliaslive", "UPDATE_FAILED", "Rollback successful"),
            ("orders", "UPDATE_ROLLBACK_COMPLETE", ""),
        ]);
        outcome.events[1].resource_type = "AWS::Lambda::Alias".into();
        expect![[r#"
            `PlaceOrderFunctionAliaslive` (AWS::Lambda::Alias) UPDATE_FAILED: Rollback successful
            CodeDeploy did not bring the new version in: its hook failed, of which `cargo xtask logs` shows what it said, or the alarm `PlaceOrderDeploymentAlarm` was raised, because an invocation of the new version failed
            The stack was rolled back and is as it was before: put that right and deploy again"#]].assert_eq(&outcome.check("UPDATE_COMPLETE").unwrap_err().to_string());
    }

    #[test]
    fn of_a_nested_stack_the_cause_is_what_failed_in_it() {
        let mut outcome = outcome(&[
            ("orders", "UPDATE_IN_PROGRESS", "User Initiated"),
            ("Part3", "CREATE_FAILED", "Embedded stack arn:aws:cloudformation:… was not successfully created"),
            ("ReportRole", "CREATE_FAILED", "The policy is too long"),
            ("orders", "UPDATE_ROLLBACK_COMPLETE", ""),
        ]);
        outcome.events[1].resource_type = nested::STACK.into();
        assert_eq!(outcome.events[1].nested_stack(), Some("part3"));
        assert_eq!(outcome.events[0].nested_stack(), None, "it is the stack itself");
        let error = outcome.check("UPDATE_COMPLETE").unwrap_err().to_string();
        assert!(error.starts_with("`ReportRole` (AWS::DynamoDB::Table) CREATE_FAILED: The policy"), "{error}");
    }

    #[test]
    fn a_denied_action_of_a_resource_comes_with_its_statement() {
        let outcome = outcome(&[
            (
                "OrderTable",
                "CREATE_FAILED",
                "User: arn:aws:iam::1:user/ann is not authorized to perform: dynamodb:CreateTable on resource: arn:aws:dynamodb:eu-west-1:1:table/orders because no identity-based policy allows it",
            ),
            ("orders", "ROLLBACK_COMPLETE", ""),
        ]);
        let error = outcome.check("CREATE_COMPLETE").unwrap_err().to_string();
        assert!(error.contains(r#"{"Action":"dynamodb:CreateTable","Effect":"Allow","#), "{error}");
        assert!(error.ends_with("put that right, run `cargo xtask remove`, and deploy again"), "{error}");
    }

    #[test]
    fn a_failure_of_no_resource_is_told_in_the_stacks_words() {
        let outcome = outcome(&[
            ("orders", "CREATE_IN_PROGRESS", "User Initiated"),
            ("orders", "ROLLBACK_IN_PROGRESS", "Parameter validation failed"),
            ("orders", "ROLLBACK_COMPLETE", ""),
        ]);
        let error = outcome.check("CREATE_COMPLETE").unwrap_err().to_string();
        assert!(error.contains("ROLLBACK_IN_PROGRESS: Parameter validation failed"), "{error}");
    }

    #[test]
    fn an_operation_that_is_taken_up_is_read_from_its_beginning() {
        let page = vec![
            event(5, "OrderTable", "UPDATE_IN_PROGRESS", ""),
            event(4, "orders", "UPDATE_IN_PROGRESS", "User Initiated"),
            event(3, "orders", "CREATE_COMPLETE", ""),
        ];
        let mut events = Vec::new();
        assert!(take_new(page, &HashSet::new(), &mut events));
        assert_eq!(events.iter().map(|it| &*it.id).collect::<Vec<_>>(), ["5", "4"]);
    }

    #[test]
    fn events_before_the_operation_are_none_of_it() {
        let page = vec![event(4, "orders", "UPDATE_IN_PROGRESS", ""), event(3, "orders", "CREATE_COMPLETE", "")];
        let (mut events, seen) = (Vec::new(), HashSet::from(["3".to_owned()]));
        assert!(take_new(page[1..].to_vec(), &seen, &mut events));
        assert!(events.is_empty());
        assert!(take_new(page, &seen, &mut events));
        assert_eq!(events.len(), 1);
    }

    #[test]
    fn the_stacks_own_last_word_is_the_end() {
        let ends = |name: &str, status: &str| event(1, name, status, "").is_end();
        assert!(ends("orders", "UPDATE_ROLLBACK_COMPLETE") && ends("orders", "DELETE_FAILED"));
        assert!(!ends("orders", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") && !ends("orders", "UPDATE_FAILED"));
        assert!(!ends("OrderTable", "CREATE_COMPLETE"));
    }
}
