use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Uri, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// How long a presigned URL may work: a week.
const LONGEST_LIFE: u64 = 604_800;
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What clients add after they signed: a session's token, and in browsers what they are.
const UNSIGNED_HEADERS: [&str; 2] = ["x-amz-security-token", "x-amz-user-agent"];

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
    /// In its URL, not in a header.
    pub(super) is_presigned: bool,
}

/// What a signing key is for.
#[derive(Debug, PartialEq)]
pub(super) struct Scope {
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
}

impl Scope {
    /// `20150830/us-east-1/service/aws4_request`
    pub(super) fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }

    /// How far a client's clock may be off. The front that the services of JSON share allows five minutes, those of the query
    /// protocol and S3 a quarter of an hour, as their messages say.
    fn skew(&self) -> Duration {
        let minutes =
            if matches!(self.service.as_str(), "sts" | "iam" | "s3" | "sqs" | "sns" | "ec2") { 15 } else { 5 };
        Duration::from_secs(minutes * 60)
    }
}

impl Authorization {
    pub(super) fn of(headers: &HeaderMap, uri: &Uri) -> Result<Self, Refusal> {
        let query = uri.query().unwrap_or_default();
        let is_presigned = parameter(query, "X-Amz-Algorithm").is_some();
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(ambiguous()),
            (Some(_), None) if is_presigned => Err(ambiguous()),
            (Some(value), None) => Self::from_header(value.to_str().unwrap_or_default(), headers),
            (None, _) if is_presigned => Self::from_query(query),
            (None, _) => Err(Refusal::MissingAuthentication),
        }
    }

    /// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    fn from_header(value: &str, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (algorithm, rest) = value.split_once(' ').unwrap_or((value, ""));
        let parts: Vec<_> = rest.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| !part.contains('=')) {
            return Err(Refusal::Incomplete(no_pairs(value)));
        }
        let part = |name: &str| {
            let named = parts.iter().filter_map(|part| part.split_once('=')).filter(|(key, _)| *key == name);
            only(named.map(|(_, value)| value.to_owned()))
        };
        let part = |name: &str| if algorithm == ALGORITHM { part(name) } else { None };
        let header = |name: &str| only(headers.get_all(name).iter()).and_then(|value| value.to_str().ok());
        let date = header("x-amz-date").or_else(|| header("date"));
        let (Some(credential), Some(signature), Some(signed), Some(date)) =
            (part("Credential"), part("Signature"), part("SignedHeaders"), date)
        else {
            let missing = ["Credential", "Signature", "SignedHeaders"].into_iter().filter(|name| part(name).is_none());
            return Err(incomplete(value, missing, date.is_none()));
        };
        let token = header("x-amz-security-token").map(str::to_owned);
        let life = Life { of: None, is_presigned: false };
        Self::new(&credential, signature, &signed, date.to_owned(), token, life)
    }

    fn from_query(query: &str) -> Result<Self, Refusal> {
        let part = |name: &str| only(parameters(query, name)).map(Cow::into_owned);
        let (Some(credential), Some(signature), Some(signed), Some(date), Some(ALGORITHM)) = (
            part("X-Amz-Credential"),
            part("X-Amz-Signature"),
            part("X-Amz-SignedHeaders"),
            part("X-Amz-Date"),
            part("X-Amz-Algorithm").as_deref(),
        ) else {
            return Err(Refusal::Incomplete(
                "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', \
                 'X-Amz-SignedHeaders' and 'X-Amz-Date'."
                    .into(),
            ));
        };
        let life = Life { of: life(query)?, is_presigned: true };
        Self::new(&credential, signature, &signed, date, part("X-Amz-Security-Token"), life)
    }

    /// The host has to be signed, and with it, as AWS's guide asks, what only AWS's own headers say.
    pub(super) fn check_signed(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let is_signed = |name: &str| self.signed_headers.iter().any(|signed| signed == name);
        if !is_signed("host") && !is_signed(":authority") {
            let message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
            return Err(Refusal::InvalidSignature(message.into()));
        }
        let in_headers = (!self.is_presigned).then(|| headers.keys()).into_iter().flatten();
        let mut own = in_headers.map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        match own.find(|name| !UNSIGNED_HEADERS.contains(name) && !is_signed(name)) {
            Some(name) => Err(Refusal::InvalidSignature(format!(
                "There were headers present in the request which were not signed: '{name}'."
            ))),
            None => Ok(()),
        }
    }

    /// Whether it was signed for this region and service.
    pub(super) fn check_scope(&self, region: &str, service: &str) -> Result<(), Refusal> {
        if self.scope.region != region {
            return Err(Refusal::InvalidSignature(format!(
                "Credential should be scoped to a valid region, not '{}'. ",
                self.scope.region
            )));
        }
        if self.scope.service != service {
            return Err(Refusal::InvalidSignature(format!(
                "Credential should be scoped to correct service: '{service}'. "
            )));
        }
        Ok(())
    }

    fn new(
        credential: &str,
        signature: String,
        signed_headers: &str,
        date: String,
        session_token: Option<String>,
        Life { of: life, is_presigned }: Life,
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
            is_presigned,
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
            return Err(Refusal::InvalidSignature(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.",
                self.scope.date,
                signed.strftime("%Y%m%d"),
                self.date
            )));
        }
        let life = self.life.unwrap_or_else(|| self.scope.skew());
        let minutes = life.as_secs() / 60;
        let earliest = now.saturating_sub(life).unwrap_or(Timestamp::MIN);
        let latest = now.saturating_add(self.scope.skew()).unwrap_or(Timestamp::MAX);
        let show = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
        if signed < earliest {
            return Err(Refusal::InvalidSignature(format!(
                "Signature expired: {} is now earlier than {} ({} - {minutes} min.)",
                self.date,
                show(earliest),
                show(now)
            )));
        }
        if signed > latest {
            return Err(Refusal::InvalidSignature(format!(
                "Signature not yet current: {} is still later than {} ({} + {} min.)",
                self.date,
                show(latest),
                show(now),
                self.scope.skew().as_secs() / 60
            )));
        }
        Ok(())
    }
}

/// For how long it works, and where it stands.
struct Life {
    of: Option<Duration>,
    is_presigned: bool,
}

/// `X-Amz-Expires`, which S3 alone has to have.
fn life(query: &str) -> Result<Option<Duration>, Refusal> {
    let refuse = |message: &str| Err(Refusal::Incomplete(message.to_owned()));
    let mut values = parameters(query, "X-Amz-Expires");
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(ambiguous()),
        (Some(value), None) => match value.parse::<i64>().map(u64::try_from) {
            Err(_) => refuse("X-Amz-Expires should be a number"),
            Ok(Err(_) | Ok(0)) => refuse("X-Amz-Expires must be non-negative"),
            Ok(Ok(seconds)) if seconds > LONGEST_LIFE => refuse(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
            ),
            Ok(Ok(seconds)) => Ok(Some(Duration::from_secs(seconds))),
        },
    }
}

/// The first value of a query parameter, decoded.
fn parameter<'a>(query: &'a str, name: &'a str) -> Option<Cow<'a, str>> {
    parameters(query, name).next()
}

/// The values of a query parameter, decoded.
fn parameters<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(move |(key, _)| percent_decode_str(key).decode_utf8_lossy() == name);
    named.map(|(_, value)| percent_decode_str(value).decode_utf8_lossy())
}

/// What is there once; of two, neither can be meant.
fn only<T>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

fn ambiguous() -> Refusal {
    Refusal::Incomplete(
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the \
         Authorization header should be specified"
            .into(),
    )
}

/// The header as it is told back, since it may be a secret.
fn hashed(value: &str) -> String {
    STANDARD.encode(digest(&SHA256, value.as_bytes()))
}

fn no_pairs(value: &str) -> String {
    let digest = hashed(value);
    format!(
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '{digest}'."
    )
}

fn incomplete<'a>(value: &str, missing: impl Iterator<Item = &'a str>, no_date: bool) -> Refusal {
    let mut messages: Vec<_> =
        missing.map(|name| format!("Authorization header requires '{name}' parameter.")).collect();
    if no_date {
        let message = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        messages.push(message.into());
    }
    messages.push(format!("(Hashed with SHA-256 and encoded with Base64) Authorization={}", hashed(value)));
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
        let read = Authorization::of(headers, &uri.parse().unwrap());
        let refusal = read.and_then(|it| it.check_signed(headers)).unwrap_err();
        expected.assert_eq(&format!("{}: {refusal}", refusal.code(super::super::Protocol::Json10)));
    }

    #[test]
    fn the_header_and_the_presigned_url_say_the_same() {
        let in_header = Authorization::of(&headers(HEADER), &"/".parse().unwrap()).unwrap();
        let url = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host%3Bx-amz-date&X-Amz-Expires=3600&X-Amz-Signature=5fa0";
        let in_url = Authorization::of(&HeaderMap::new(), &url.parse().unwrap()).unwrap();
        assert_eq!(in_header, Authorization { life: None, is_presigned: false, ..in_url });
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
                "IncompleteSignatureException: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '8sXolLXwbE9T7Q+TH1Cl5l5FyFaFrBpXh8TM7K3StS4='."
            ],
        );
        refused(
            &headers(&HEADER.replace("AWS4", "AWS3")),
            "/",
            expect![
                "IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=gjh5SYNj/0kB/KQ7h6qC+d1IWkSXLtSlqroWU1VKERU="
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
    fn a_signature_is_good_for_five_minutes_before_and_after_and_in_sts_for_a_quarter_of_an_hour() {
        const SKEW: Duration = Duration::from_secs(5 * 60);
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
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
            ],
        );
        check(
            signed - SKEW - second,
            expect![
                "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"
            ],
        );
        let of_sts = Authorization::of(&headers(&HEADER.replace("/service/", "/sts/")), &"/".parse().unwrap()).unwrap();
        let quarter = Duration::from_secs(15 * 60);
        assert_eq!((of_sts.check_time(signed + quarter), of_sts.check_time(signed - quarter)), (Ok(()), Ok(())));
        assert!(of_sts.check_time(signed + quarter + second).is_err());
    }

    #[test]
    fn a_request_that_is_signed_twice_over_or_in_part_is_refused() {
        let mut twice = headers(HEADER);
        twice.append("authorization", HEADER.parse().unwrap());
        refused(
            &twice,
            "/",
            expect![
                "IncompleteSignatureException: Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
            ],
        );
        refused(
            &headers(HEADER),
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256",
            expect![
                "IncompleteSignatureException: Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
            ],
        );
        refused(
            &headers(&HEADER.replace("host;", "")),
            "/",
            expect![
                "InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
            ],
        );
        refused(
            &headers(&format!("{HEADER}, Signature=00")),
            "/",
            expect![
                "IncompleteSignatureException: Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=E3BQIFJAmKLkLE0FkW8NH6lIlYuCoCtvEY5irXLBzsk="
            ],
        );
        let mut more = headers(HEADER);
        more.insert("x-amz-target", "DynamoDB_20120810.DeleteTable".parse().unwrap());
        refused(
            &more,
            "/",
            expect![
                "InvalidSignatureException: There were headers present in the request which were not signed: 'x-amz-target'."
            ],
        );
    }

    #[test]
    fn a_presigned_url_works_for_a_second_to_a_week() {
        let url = |expires: &str| {
            format!(
                "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=5fa0{expires}"
            )
        };
        let life =
            |expires: &str| Authorization::of(&HeaderMap::new(), &url(expires).parse().unwrap()).map(|it| it.life);
        assert_eq!(life("&X-Amz-Expires=1"), Ok(Some(Duration::from_secs(1))));
        assert_eq!(life("&X-Amz-Expires=604800"), Ok(Some(Duration::from_secs(604_800))));
        assert_eq!(life(""), Ok(None));
        for (expires, message) in
            [("604801", "less than a week"), ("-1", "non-negative"), ("0", "non-negative"), ("1h", "a number")]
        {
            let refusal = life(&format!("&X-Amz-Expires={expires}")).unwrap_err().to_string();
            assert!(refusal.contains(message), "{expires}: {refusal}");
        }
        assert!(life("&X-Amz-Expires=1&X-Amz-Expires=2").is_err());
        assert!(life("&X-Amz-Signature=00").is_err());
        let presigned = Authorization::of(&HeaderMap::new(), &url("&X-Amz-Expires=60").parse().unwrap()).unwrap();
        let signed = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        assert_eq!(presigned.check_time(signed + Duration::from_secs(60)), Ok(()));
        let late = presigned.check_time(signed + Duration::from_secs(61)).unwrap_err();
        expect!["Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123701Z - 1 min.)"]
            .assert_eq(&late.to_string());
    }

    #[test]
    fn a_signature_is_for_one_region_and_service() {
        let authorization = Authorization::of(&headers(HEADER), &"/".parse().unwrap()).unwrap();
        assert_eq!(authorization.check_scope("us-east-1", "service"), Ok(()));
        let refusal = |region, service| authorization.check_scope(region, service).unwrap_err().to_string();
        expect!["Credential should be scoped to a valid region, not 'us-east-1'. "]
            .assert_eq(&refusal("eu-west-1", "service"));
        expect!["Credential should be scoped to correct service: 'execute-api'. "]
            .assert_eq(&refusal("us-east-1", "execute-api"));
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
