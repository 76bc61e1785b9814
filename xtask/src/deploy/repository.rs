//! The repository of an application's container images: private, made once by a small stack of its own.
//!
//! An image is tagged with its own digest, and tags do not change. What is there already is not pushed again, and an image that has not
//! changed leaves the template as it was.

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{failure, image::Layout, own_stack::OwnStack, registry::Registry, session::Session, tell::Tell};
use crate::template;

const TEMPLATE: &str = include_str!("repository.yaml");

/// The repository of an application in a session's account and region.
#[derive(Debug)]
pub(super) struct Repository<'a> {
    session: &'a Session,
    application: &'a str,
    name: String,
}

impl<'a> Repository<'a> {
    /// Whether it is there or not.
    pub(super) fn of(session: &'a Session, application: &'a str) -> Self {
        Self { session, application, name: template::repository(application) }
    }

    /// How Lambda is told of an image in it.
    pub(super) fn uri(&self, digest: &str) -> String {
        let Session { account, region, partition, .. } = self.session;
        format!("{account}.dkr.ecr.{region}.{}/{}@{digest}", super::bucket::suffix(partition), self.name)
    }

    /// Brings an image there, unless it is there already. Says whether it was brought.
    pub(super) async fn push(&self, image: &Layout, tell: &Tell) -> Result<bool> {
        self.ensure(tell).await?;
        let (endpoint, token) = self.token().await?;
        Registry::new(&endpoint, &token, &self.name)?.push(image).await
    }

    /// Makes it, if it is not there.
    async fn ensure(&self, tell: &Tell) -> Result<()> {
        let found = self.session.ecr.describe_repositories().repository_names(&self.name).send().await;
        match found {
            Ok(_) => return Ok(()),
            Err(error) if error.as_service_error().is_some_and(|it| it.is_repository_not_found_exception()) => {}
            Err(error) => return Err(failure::of("ecr:DescribeRepositories", error)),
        }
        let stack = OwnStack {
            name: &format!("skyloom-images-{}", self.application.replace('_', "-")),
            template: TEMPLATE,
            parameters: &[("Name", &self.name)],
            holds: &format!("the repository {}", self.name),
        };
        stack.make(self.session, tell).await
    }

    /// Where the registry is, and `USER:PASSWORD` for twelve hours.
    async fn token(&self) -> Result<(String, String)> {
        let answer = self.session.ecr.get_authorization_token().send().await;
        let answer = answer.map_err(|error| failure::of("ecr:GetAuthorizationToken", error))?;
        let given = answer.authorization_data().first();
        let (endpoint, token) = given
            .and_then(|data| Some((data.proxy_endpoint()?, data.authorization_token()?)))
            .context("ECR gives no token for its registry")?;
        STANDARD.decode(token).context("ECR's token is not in base64")?;
        Ok((endpoint.to_owned(), token.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::template;

    #[test]
    fn the_repository_is_kept_scanned_and_its_tags_stay() {
        let template = template::parse(super::TEMPLATE).unwrap();
        let repository = &template["Resources"]["Repository"];
        assert_eq!(repository["DeletionPolicy"], "Retain");
        let properties = &repository["Properties"];
        assert_eq!(properties["ImageTagMutability"], "IMMUTABLE");
        assert_eq!(properties["ImageScanningConfiguration"]["ScanOnPush"], true);
        let lifecycle = properties["LifecyclePolicy"]["LifecyclePolicyText"].as_str().unwrap();
        let lifecycle: Value = serde_json::from_str(lifecycle).unwrap();
        assert_eq!(lifecycle["rules"][0]["selection"]["tagStatus"], "untagged", "what is deployed has a tag");
    }
}
