//! `cargo xtask logs`: what all functions of a stack log, in order of time.

mod event;
mod groups;
mod render;
mod seen;
mod since;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use aws_sdk_cloudwatchlogs::Client;

use self::{event::Event, groups::Group, seen::Seen};
use crate::{ApplicationArgs, StageArgs, deploy};

/// How long to wait before asking for more.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    #[command(flatten)]
    stage: StageArgs,
    #[command(flatten)]
    account: deploy::AccountArgs,
    /// Only what this function logs; may be given several times
    #[arg(long = "function", value_name = "NAME")]
    functions: Vec<String>,
    /// Go on as more is logged, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// How far to go back: `90s`, `10m`, `2h`, `1d`
    #[arg(long, value_name = "TIME", value_parser = since::parse, default_value = "10m")]
    since: Duration,
    /// Write each event as JSON on a line of its own, with everything that it has
    #[arg(long)]
    json: bool,
}

/// Prints what was logged, and with `--follow` what is.
pub(crate) fn run(args: &Args) -> Result<()> {
    let application = args.application.pick()?;
    let stage = args.stage.read(&application)?;
    let stack = stage.stack(&application.package);
    deploy::block_on(async {
        let session = args.account.open(&stage).await?;
        let client = Client::new(&session.config);
        let groups = groups::of(&client, &stack).await?;
        let groups = groups::chosen(groups, &args.functions, &stack, &session.region)?;
        let told = tell(args, &client, &groups);
        if !args.follow {
            return told.await;
        }
        tokio::select! {
            done = told => done,
            signal = tokio::signal::ctrl_c() => signal.context("cannot wait for Ctrl-C"), // which is how it ends
        }
    })
}

/// Tells what was logged; with `--follow` there is no end of it.
async fn tell(args: &Args, client: &Client, groups: &[Group]) -> Result<()> {
    let mut seen = Seen::from(milliseconds_ago(args.since)?);
    loop {
        for event in seen.fresh(event::all(client, groups, seen.start()).await?) {
            print(&event, args.json)?;
        }
        if !args.follow {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn print(event: &Event, as_json: bool) -> Result<()> {
    let line = if as_json { Some(render::json(event)) } else { render::text(event) };
    line.map_or(Ok(()), |line| crate::print(&(line + "\n")))
}

/// A time as CloudWatch Logs has them.
fn milliseconds_ago(ago: Duration) -> Result<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    i64::try_from(now.saturating_sub(ago).as_millis()).context("the clock is too far in the future")
}
