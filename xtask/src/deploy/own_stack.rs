//! Small stacks of Skyloom's own, made once, for what is deployed.

use anyhow::{Context, Result, bail};
use aws_sdk_cloudformation::types::{OnFailure, Parameter};

use super::{
    failure, follow,
    session::Session,
    stack::{self, State},
    tell::Tell,
};

/// A stack that holds one thing.
#[derive(Debug)]
pub(super) struct OwnStack<'a> {
    pub(super) name: &'a str,
    pub(super) template: &'static str,
    pub(super) parameters: &'a [(&'a str, &'a str)],
    /// `the bucket skyloom-artifacts-…`
    pub(super) holds: &'a str,
}

impl OwnStack<'_> {
    /// Makes it; what it holds was looked for and is not there.
    pub(super) async fn make(&self, session: &Session, tell: &Tell) -> Result<()> {
        let stack = stack::find(session, self.name).await?;
        match State::of(stack.as_ref().and_then(|stack| stack.stack_status())) {
            State::Absent => self.create(session, tell).await,
            State::Busy => {
                tell.note(&format!("the stack `{}` is being made by another run", self.name))?;
                follow::follow(session, tell, self.name, None).await?.check("CREATE_COMPLETE")
            }
            _ => bail!(
                "the stack `{0}` is there, but {1} is not: run `aws cloudformation delete-stack --stack-name {0} --region {2}` and deploy again",
                self.name,
                self.holds,
                session.region
            ),
        }
    }

    async fn create(&self, session: &Session, tell: &Tell) -> Result<()> {
        tell.note(&format!("making {} for what is deployed, once for this account and region", self.holds))?;
        let mut call = session.cloudformation.create_stack().stack_name(self.name).template_body(self.template);
        for (name, value) in self.parameters {
            call = call.parameters(Parameter::builder().parameter_key(*name).parameter_value(*value).build());
        }
        let call = call.set_role_arn(session.role.clone());
        let made = call.on_failure(OnFailure::Delete).enable_termination_protection(true).send().await;
        let made = made.map_err(|error| failure::of("cloudformation:CreateStack", error))?;
        let id = made.stack_id().context("CloudFormation gives the stack no id")?;
        follow::follow(session, tell, id, None).await?.check("CREATE_COMPLETE")
    }
}
