//! Who deploys, and where: credentials and region by AWS's usual chain.

use anyhow::{Context, Result, bail};
use aws_config::{
    BehaviorVersion, Region, SdkConfig, default_provider::region::DefaultRegionChain,
    profile::ProfileFileCredentialsProvider, provider_config::ProviderConfig,
};

use super::failure;
use crate::stage::Stage;

/// The credentials, the region and the endpoint of a command.
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArgs {
    /// The profile of `~/.aws/config` whose credentials and region are used
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The region [default: the stage's, the environment's, the profile's]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Where AWS is, for an emulator of it [default: AWS_ENDPOINT_URL]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

/// The same, and as whom CloudFormation acts.
#[derive(Debug, clap::Args)]
pub(crate) struct DeployerArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// The role with whose rights CloudFormation makes and changes resources [default: your own rights]
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
}

impl DeployerArgs {
    pub(super) async fn open(&self, stage: &Stage) -> Result<Session> {
        Ok(Session { role: self.role_arn.clone(), ..self.account.open(stage).await? })
    }
}

/// Somebody, in one region of one account.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) config: SdkConfig,
    pub(crate) region: String,
    pub(crate) account: String,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub(crate) partition: String,
    /// The ARN of the role that CloudFormation takes on.
    pub(super) role: Option<String>,
    pub(crate) cloudformation: aws_sdk_cloudformation::Client,
    pub(crate) ecr: aws_sdk_ecr::Client,
    pub(crate) s3: aws_sdk_s3::Client,
}

impl AccountArgs {
    /// Asks AWS who this is, and refuses another account or region than the stage's.
    pub(crate) async fn open(&self, stage: &Stage) -> Result<Session> {
        let region = self.region(stage)?;
        let config = self.config(region).await;
        let region = config.region().map(ToString::to_string).context(
            "no region is set: give `--region`, set AWS_REGION, or write `region = \"…\"` into skyloom.toml",
        )?;
        let caller = identity(&config).await;
        let (account, partition) = match &self.profile {
            Some(profile) => caller.with_context(|| format!("the profile `{profile}`"))?,
            None => caller?,
        };
        check_account(stage, &account)?;
        Ok(Session {
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            ecr: aws_sdk_ecr::Client::new(&config),
            s3: s3(&config),
            config,
            region,
            account,
            partition,
            role: None,
        })
    }

    /// The one that is said, by option or by stage; the chain has the others.
    fn region(&self, stage: &Stage) -> Result<Option<String>> {
        match (&self.region, &stage.settings.region) {
            (Some(said), Some(stages)) if said != stages => {
                bail!(
                    "`--region {said}` is not the region of the stage, {stages}: leave it out, or change skyloom.toml"
                )
            }
            (said, stages) => Ok(said.clone().or_else(|| stages.clone())),
        }
    }

    async fn config(&self, region: Option<String>) -> SdkConfig {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile).credentials_provider(of_profile(profile, region.clone()).await);
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        if let Some(url) = &self.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        loader.load().await
    }
}

/// One that is named counts more than the environment's variables, which the chain would take first.
async fn of_profile(profile: &str, region: Option<String>) -> ProfileFileCredentialsProvider {
    let region = match region {
        Some(region) => Some(Region::new(region)),
        None => DefaultRegionChain::builder().profile_name(profile).build().region().await,
    };
    let config = ProviderConfig::default().with_region(region);
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build()
}

/// An emulator has no host of its own for each bucket.
fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    let path_style = config.endpoint_url().is_some();
    aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(path_style).build())
}

async fn identity(config: &SdkConfig) -> Result<(String, String)> {
    let caller = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
    let caller = caller.map_err(|error| failure::of("sts:GetCallerIdentity", error))?;
    let account = caller.account().context("AWS does not say which account this is")?;
    let partition = caller.arn().and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    Ok((account.to_owned(), partition.to_owned()))
}

fn check_account(stage: &Stage, account: &str) -> Result<()> {
    match &stage.settings.account {
        Some(wanted) if wanted != account => bail!(
            "these credentials are of the account {account}, but {} is for {wanted}: choose others with `--profile`",
            stage.name.as_deref().map_or("the application".into(), |name| format!("the stage `{name}`"))
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(region: Option<&str>) -> AccountArgs {
        AccountArgs { profile: None, region: region.map(Into::into), endpoint_url: None }
    }

    fn stage() -> Stage {
        let mut stage = Stage { name: Some("prod".into()), ..Stage::default() };
        stage.settings.region = Some("eu-central-1".into());
        stage.settings.account = Some("123456789012".into());
        stage
    }

    #[test]
    fn the_stages_region_is_taken_and_no_other() {
        assert_eq!(args(None).region(&stage()).unwrap().as_deref(), Some("eu-central-1"));
        assert_eq!(args(Some("eu-central-1")).region(&stage()).unwrap().as_deref(), Some("eu-central-1"));
        let error = args(Some("us-east-1")).region(&stage()).unwrap_err().to_string();
        assert!(error.starts_with("`--region us-east-1` is not the region of the stage, eu-central-1"), "{error}");
    }

    #[test]
    fn without_a_stages_region_the_option_counts_and_then_the_chain() {
        assert_eq!(args(Some("us-east-1")).region(&Stage::default()).unwrap().as_deref(), Some("us-east-1"));
        assert_eq!(args(None).region(&Stage::default()).unwrap(), None);
    }

    #[test]
    fn another_account_than_the_stages_is_refused() {
        check_account(&stage(), "123456789012").unwrap();
        check_account(&Stage::default(), "210987654321").unwrap();
        assert_eq!(
            check_account(&stage(), "210987654321").unwrap_err().to_string(),
            "these credentials are of the account 210987654321, but the stage `prod` is for 123456789012: choose others with `--profile`"
        );
    }
}
