use std::time::SystemTime;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;

use crate::site::Site;

/// What the template tells EventBridge Scheduler to send: a "Scheduled Event" as rules send it, from a schedule.
///
/// <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled.html>
pub(super) fn event(site: &Site, function: &str, scheduled: SystemTime) -> Bytes {
    let schedule = site.arn("scheduler", &format!("schedule/default/{}", site.physical_name(function)));
    let time = Timestamp::try_from(scheduled).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let event = json!({
        "version": "0",
        "id": id(&schedule, &time),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": site.account,
        "time": time,
        "region": site.region,
        "resources": [schedule],
        "detail": {},
    });
    event.to_string().into()
}

/// The same run always has the same id, also when it is tried again.
fn id(schedule: &str, time: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{schedule} {time}").as_bytes());
    let hex: String = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use expect_test::expect;

    use super::*;

    #[test]
    fn the_event_is_eventbridges() {
        let event = event(&Site::new("shop", "eu-west-1"), "report", UNIX_EPOCH + Duration::from_secs(1_735_689_600));
        let event: serde_json::Value = serde_json::from_slice(&event).unwrap();
        expect![[r#"
            {
              "account": "000000000000",
              "detail": {},
              "detail-type": "Scheduled Event",
              "id": "6fc90cd5-971c-23fc-40ce-9eb0cc1d5cfc",
              "region": "eu-west-1",
              "resources": [
                "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/shop-report"
              ],
              "source": "aws.scheduler",
              "time": "2025-01-01T00:00:00Z",
              "version": "0"
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&event).unwrap());
    }
}
