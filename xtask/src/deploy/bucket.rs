//! The bucket for what is deployed: one for each account and region, made once by a small stack of its own.
//!
//! Objects are called by their SHA-256. What is there already is not uploaded again, and an artifact that has not changed leaves the
//! template as it was.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use aws_sdk_s3::{error::SdkError, primitives::ByteStream};
use serde_json::Value;

use super::{failure, own_stack::OwnStack, session::Session, tell::Tell};
use crate::build::{Digest, Program};

/// The stack's name.
const STACK: &str = "skyloom-artifacts";
const TEMPLATE: &str = include_str!("bucket.yaml");
/// A template above this is not taken in the request itself.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const INLINE_BYTES: usize = 51_200;

/// What an object's metadata says of the program in it.
const SOURCES: &str = "skyloom-sources";
const CODE: &str = "skyloom-code";

/// The bucket of a session's account and region.
#[derive(Debug)]
pub(super) struct Bucket<'a> {
    session: &'a Session,
    pub(super) name: String,
}

/// A template as a request has it.
#[derive(Debug)]
pub(super) enum Body {
    Inline(String),
    Url(String),
}

impl<'a> Bucket<'a> {
    /// Whether it is there or not.
    pub(super) fn of(session: &'a Session) -> Self {
        Self { session, name: format!("{STACK}-{}-{}", session.account, session.region) }
    }

    /// Makes it, if it is not there.
    pub(super) async fn ensure(&self, tell: &Tell) -> Result<()> {
        if self.exists().await? {
            return Ok(());
        }
        let holds = format!("the bucket {}", self.name);
        OwnStack { name: STACK, template: TEMPLATE, parameters: &[], holds: &holds }.make(self.session, tell).await
    }

    /// Whether it is there, and ours: names of buckets are everybody's.
    async fn exists(&self) -> Result<bool> {
        let call = self.session.s3.head_bucket().bucket(&self.name).expected_bucket_owner(&self.session.account);
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) => match status(&error) {
                Some(404) => Ok(false),
                Some(403) => bail!("{}", self.is_not_ours()),
                _ if let Some(region) = elsewhere(&error, &self.session.region) => bail!(
                    "the bucket {} is in {region}: another has taken its name, so that nothing can be deployed to {} of this account. Ask who owns it, or deploy to another region",
                    self.name,
                    self.session.region
                ),
                _ => Err(failure::of("s3:ListBucket", error)),
            },
        }
    }

    fn is_not_ours(&self) -> String {
        let Self { session: Session { account, .. }, name } = self;
        format!(
            "the bucket {name} belongs to another account than {account}, or its policy keeps you out: ask who owns it, or deploy to another region. If it is this account's: {}",
            failure::to_add("s3:ListBucket", &self.arn())
        )
    }

    fn arn(&self) -> String {
        format!("arn:{}:s3:::{}", self.session.partition, self.name)
    }

    /// The program that an object has, if that is known.
    pub(super) async fn program(&self, key: &str) -> Option<Program> {
        let head = self.session.s3.head_object().bucket(&self.name).key(key);
        let head = head.expected_bucket_owner(&self.session.account).send().await.ok()?; // without it, the bytes decide
        let metadata = head.metadata?;
        Some(Program { sources: metadata.get(SOURCES)?.clone(), code: metadata.get(CODE)?.clone() })
    }

    /// As [`Self::put`], with what the program is.
    pub(super) async fn put_code(&self, key: &str, bytes: Vec<u8>, program: Option<&Program>) -> Result<bool> {
        let facts = program.into_iter().flat_map(|it| [(SOURCES, &it.sources), (CODE, &it.code)]);
        self.put_with(key, bytes, facts.map(|(name, value)| (name.into(), value.clone())).collect()).await
    }

    /// Brings an object there, unless it is there already. Says whether it was brought.
    pub(super) async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<bool> {
        self.put_with(key, bytes, HashMap::new()).await
    }

    async fn put_with(&self, key: &str, bytes: Vec<u8>, metadata: HashMap<String, String>) -> Result<bool> {
        let s3 = &self.session.s3;
        let head = s3.head_object().bucket(&self.name).key(key).expected_bucket_owner(&self.session.account);
        match head.send().await {
            Ok(_) => return Ok(false),
            Err(error) if matches!(status(&error), Some(404 | 403)) => {} // 403: not allowed to list, and so to know
            Err(error) => return Err(failure::of("s3:GetObject", error)),
        }
        let put = s3.put_object().bucket(&self.name).key(key).expected_bucket_owner(&self.session.account);
        let put = put.set_metadata(Some(metadata).filter(|it| !it.is_empty()));
        let put = put.checksum_sha256(Digest::of(&bytes).base64()).body(ByteStream::from(bytes));
        put.send().await.map_err(|error| failure::on("s3:PutObject", &format!("{}/*", self.arn()), error))?;
        Ok(true)
    }

    /// The template for a request: in it, or if it is too large for that, in the bucket.
    pub(super) async fn body(&self, application: &str, template: &Value, tell: &Tell) -> Result<Body> {
        let text = text(template).context("cannot write the template")?;
        if text.len() <= INLINE_BYTES {
            return Ok(Body::Inline(text));
        }
        self.ensure(tell).await?;
        let key = format!("{application}/{}.template.json", Digest::of(text.as_bytes()).hex());
        self.put(&key, text.into_bytes()).await?;
        Ok(Body::Url(self.url(&key)))
    }

    /// Where CloudFormation finds an object.
    pub(super) fn url(&self, key: &str) -> String {
        let Session { config, region, partition, .. } = self.session;
        match config.endpoint_url() {
            Some(endpoint) => format!("{}/{}/{key}", endpoint.trim_end_matches('/'), self.name),
            None => format!("https://{}.s3.{region}.{}/{key}", self.name, suffix(partition)),
        }
    }
}

/// As people like to read it in the console, if it is small enough for that.
fn text(template: &Value) -> serde_json::Result<String> {
    let text = serde_json::to_string_pretty(template)?;
    if text.len() <= INLINE_BYTES { Ok(text) } else { serde_json::to_string(template) }
}

/// The domain of a partition's services.
pub(super) fn suffix(partition: &str) -> &'static str {
    if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// The answer to a `HEAD` has no body, and so no code.
fn status<E>(error: &SdkError<E, aws_sdk_s3::config::http::HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// The region that a bucket is in, if that is another one.
fn elsewhere<E>(error: &SdkError<E, aws_sdk_s3::config::http::HttpResponse>, here: &str) -> Option<String> {
    let region = error.raw_response()?.headers().get("x-amz-bucket-region")?;
    (region != here).then(|| region.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::template;

    #[test]
    fn the_bucket_is_private_encrypted_versioned_and_kept() {
        let template = template::parse(super::TEMPLATE).unwrap();
        let bucket = &template["Resources"]["Bucket"];
        assert_eq!(bucket["DeletionPolicy"], "Retain");
        let properties = &bucket["Properties"];
        let block = properties["PublicAccessBlockConfiguration"].as_object().unwrap();
        assert_eq!(block.values().filter(|it| **it == true).count(), 4);
        let encryption = &properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
        assert_eq!(properties["VersioningConfiguration"]["Status"], "Enabled");
        let statement = &template["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0];
        assert_eq!((&statement["Effect"], &statement["Principal"]), (&"Deny".into(), &"*".into()));
        assert_eq!(statement["Condition"]["Bool"]["aws:SecureTransport"], "false");
    }

    #[test]
    fn a_template_has_line_breaks_where_there_is_room_for_them() {
        assert!(super::text(&json!({"a": [1]})).unwrap().contains('\n'));
        let large = json!({"a": vec![1; 10_000]});
        assert_eq!(super::text(&large).unwrap().len(), r#"{"a":[]}"#.len() + 2 * 10_000 - 1);
    }

    #[test]
    fn china_has_a_domain_of_its_own() {
        assert_eq!(super::suffix("aws-cn"), "amazonaws.com.cn");
        assert_eq!(super::suffix("aws-us-gov"), "amazonaws.com");
    }
}
