//! What CloudWatch Logs has of some groups.

use anyhow::Result;
use aws_sdk_cloudwatchlogs::Client;

use super::Group;
use crate::deploy::failure;

/// Something that a function logged, or Lambda about it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Event {
    /// In milliseconds since 1970. It comes first, so that it is what events are ordered by.
    pub(super) timestamp: i64,
    pub(super) function: String,
    pub(super) stream: String,
    /// CloudWatch's own: the same event, asked for again, has the same.
    pub(super) id: String,
    pub(super) message: String,
}

/// All events since a time. One group after the other: the account has a few requests a second for all who listen.
pub(super) async fn all(client: &Client, groups: &[Group], start: i64) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for group in groups {
        let filter = client.filter_log_events().log_group_name(&group.name).start_time(start);
        let mut pages = filter.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure::of("logs:FilterLogEvents", error))?;
            events.extend(page.events.unwrap_or_default().into_iter().map(|event| Event {
                timestamp: event.timestamp.unwrap_or_default(),
                function: group.function.clone(),
                stream: event.log_stream_name.unwrap_or_default(),
                id: event.event_id.unwrap_or_default(),
                message: event.message.unwrap_or_default(),
            }));
        }
    }
    Ok(events)
}
