use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, Uri, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// How far a client's clock may be off.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// What a request says of its signature, in its `Authorization` header or in its presigned URL.
#[derive(Debug, PartialEq)]
pub(super) struct Authorization {
    pub(super) access_key_id: String,
    pub(super) scope: Scope,
    /// Names in small letters, in the order that was signed.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// `20150830T123600Z`.
    pub(super) date: String,
    pub(super) session_token: Option<String>,
    /// For how long a presigned URL works.
    pub(super) life: Option<Duration>,
}

/// What a signing key is for.
#[derive(Debug, PartialEq)]
pub(super) struct Scope {
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
}

impl Authorization {
    pub(super) fn of(headers: &HeaderMap, uri: &Uri) -> Result<Self, Refusal> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return Self::from_header(value.to_str().unwrap_or_default(), headers);
        }
        let query = uri.query().unwrap_or_default();
        if parameter(query, "X-Amz-Algorithm").is_some() {
            return Self::from_query(query);
        }
        Err(Refusal::MissingAuthentication)
    }

    /// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    fn from_header(value: &str, headers: &HeaderMap) -> Result<Self, Refusal> {
        let rest = value.strip_prefix("AWS4-HMAC-SHA256").unwrap_or_default();
        let part = |name: &str| {
            let mut parts = rest.split(',').filter_map(|part| part.trim().split_once('='));
            parts.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let date = header("x-amz-date").or_else(|| header("date"));
        let (Some(credential), Some(signature), Some(signed), Some(date)) =
            (part("Credential"), part("Signature"), part("SignedHeaders"), date.clone())
        else {
            let missing = ["Credential", "Signature", "SignedHeaders"].into_iter().filter(|name| part(name).is_none());
            return Err(incomplete(missing, date.is_none()));
        };
        Self::new(&credential, signature, &signed, date, header("x-amz-security-token"), None)
    }

    fn from_query(query: &str) -> Result<Self, Refusal> {
        let part = |name: &str| parameter(query, name).map(Cow::into_owned);
        let (Some(credential), Some(signature), Some(signed), Some(date)) =
            (part("X-Amz-Credential"), part("X-Amz-Signature"), part("X-Amz-SignedHeaders"), part("X-Amz-Date"))
        else {
            return Err(Refusal::Incomplete(
                "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', \
                 'X-Amz-SignedHeaders' and 'X-Amz-Date'."
                    .into(),
            ));
        };
        let life = part("X-Amz-Expires").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        Self::new(&credential, signature, &signed, date, part("X-Amz-Security-Token"), life)
    }

    fn new(
        credential: &str,
        signature: String,
        signed_headers: &str,
        date: String,
        session_token: Option<String>,
        life: Option<Duration>,
    ) -> Result<Self, Refusal> {
        let [access_key_id, day, region, service, "aws4_request"] = credential.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(Refusal::Incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
            )));
        };
        let scope = Scope { date: day.into(), region: region.into(), service: service.into() };
        Ok(Self {
            access_key_id: access_key_id.into(),
            scope,
            signed_headers: signed_headers.split(';').map(str::to_ascii_lowercase).collect(),
            signature,
            date,
            session_token,
            life,
        })
    }

    /// Whether it was signed neither too long ago nor in the future.
    pub(super) fn check_time(&self, now: SystemTime) -> Result<(), Refusal> {
        let (Some(signed), Ok(now)) = (basic(&self.date), Timestamp::try_from(now)) else {
            return Err(Refusal::Incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
                self.date
            )));
        };
        if self.scope.date != signed.strftime("%Y%m%d").to_string() {
            return Err(Refusal::SignatureTime(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.",
                self.scope.date,
                signed.strftime("%Y%m%d"),
                self.date
            )));
        }
        let (life, minutes) = self.life.map_or((SKEW, 15), |life| (life, life.as_secs() / 60));
        let earliest = now.saturating_sub(life).unwrap_or(Timestamp::MIN);
        let latest = now.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
        let show = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
        if signed < earliest {
            return Err(Refusal::SignatureTime(format!(
                "Signature expired: {} is now earlier than {} ({} - {minutes} min.)",
                self.date,
                show(earliest),
                show(now)
            )));
        }
        if signed > latest {
            return Err(Refusal::SignatureTime(format!(
                "Signature not yet current: {} is still later than {} ({} + 15 min.)",
                self.date,
                show(latest),
                show(now)
            )));
        }
        Ok(())
    }
}

/// The value of a query parameter, decoded.
fn parameter<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| percent_decode_str(value).decode_utf8_lossy())
}

fn incomplete<'a>(missing: impl Iterator<Item = &'a str>, no_date: bool) -> Refusal {
    let mut messages: Vec<_> =
        missing.map(|name| format!("Authorization header requires '{name}' parameter.")).collect();
    if no_date {
        let message = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        messages.push(message.into());
    }
    Refusal::Incomplete(messages.join(" "))
}

/// Reads `20150830T123600Z`.
fn basic(text: &str) -> Option<Timestamp> {
    (text.len() == 16 && text.ends_with('Z')).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use expect_test::{Expect, expect};

    use super::*;

    const HEADER: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa0";

    fn headers(authorization: &str) -> HeaderMap {
        let pairs = [("authorization", authorization), ("x-amz-date", "20150830T123600Z")];
        pairs.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn refused(headers: &HeaderMap, uri: &str, expected: Expect) {
        let refusal = Authorization::of(headers, &uri.parse().unwrap()).unwrap_err();
        expected.assert_eq(&format!("{}: {refusal}", refusal.code(super::super::Protocol::Json10)));
    }

    #[test]
    fn the_header_and_the_presigned_url_say_the_same() {
        let in_header = Authorization::of(&headers(HEADER), &"/".parse().unwrap()).unwrap();
        let url = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host%3Bx-amz-date&X-Amz-Expires=3600&X-Amz-Signature=5fa0";
        let in_url = Authorization::of(&HeaderMap::new(), &url.parse().unwrap()).unwrap();
        assert_eq!(in_header, Authorization { life: None, ..in_url });
        assert_eq!(in_header.access_key_id, "AKIDEXAMPLE");
        assert_eq!(in_header.scope.service, "service");
    }

    #[test]
    fn a_request_that_is_not_signed_or_not_as_aws_does_it_is_refused() {
        refused(
            &HeaderMap::new(),
            "/",
            expect!["MissingAuthenticationTokenException: Request is missing Authentication Token"],
        );
        refused(
            &headers("Bearer ey"),
            "/",
            expect![
                "IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."
            ],
        );
        refused(
            &headers(&HEADER.replace("/service", "")),
            "/",
            expect![
                "IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/us-east-1/aws4_request'"
            ],
        );
        refused(
            &HeaderMap::new(),
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256",
            expect![
                "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders' and 'X-Amz-Date'."
            ],
        );
    }

    #[test]
    fn a_signature_is_good_for_a_quarter_of_an_hour_before_and_after() {
        let authorization = Authorization::of(&headers(HEADER), &"/".parse().unwrap()).unwrap();
        let signed = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        let check = |now, expected: Expect| {
            let answer = authorization.check_time(now).map_or_else(|refusal| refusal.to_string(), |()| "fine".into());
            expected.assert_eq(&answer);
        };
        check(signed + SKEW, expect!["fine"]);
        check(signed - SKEW, expect!["fine"]);
        let second = Duration::from_secs(1);
        check(
            signed + SKEW + second,
            expect![
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)"
            ],
        );
        check(
            signed - SKEW - second,
            expect![
                "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)"
            ],
        );
    }

    #[test]
    fn a_date_that_is_none_is_named() {
        let mut headers = headers(HEADER);
        headers.insert("x-amz-date", "yesterday".parse().unwrap());
        let authorization = Authorization::of(&headers, &"/".parse().unwrap()).unwrap();
        expect!["Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601"]
            .assert_eq(&authorization.check_time(UNIX_EPOCH).unwrap_err().to_string());
    }
}
