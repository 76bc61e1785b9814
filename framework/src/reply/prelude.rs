use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, header};
use lambda_runtime::{MetadataPrelude, StreamResponse};

use super::{Response, chunks::Chunks};
use crate::Error;

/// What stands between the head of a reply and its body.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
const DELIMITER: [u8; 8] = [0; 8];

/// A reply that is sent as it comes: its head, which goes first, and its body.
#[derive(Debug)]
pub struct StreamedAnswer {
    head: MetadataPrelude,
    body: Chunks,
}

impl StreamedAnswer {
    /// A body that is whole already is sent so all the same: who waits expects that of this function.
    pub(crate) fn of(response: Response) -> Self {
        let Response { status, headers, body, stream } = response;
        let cookies = headers.get_all(header::SET_COOKIE).iter();
        let cookies = cookies.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        let body = stream.unwrap_or_else(|| Chunks::new(stream::iter((!body.is_empty()).then_some(Ok(body)))));
        Self {
            head: MetadataPrelude { status_code: status, headers: joined(&headers), cookies },
            body: body.of_invocation(),
        }
    }

    /// As the Lambda loop sends it, the body changed so.
    pub(crate) fn into_response(self, change: impl FnOnce(Chunks) -> Chunks) -> StreamResponse<Chunks> {
        StreamResponse { metadata_prelude: self.head, stream: change(self.body) }
    }

    /// The bytes that the Lambda loop would send, part by part.
    pub(crate) fn into_chunks(
        self,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + Unpin, serde_json::Error> {
        let mut head = serde_json::to_vec(&self.head)?;
        head.extend_from_slice(&DELIMITER);
        Ok(stream::iter([Ok(Bytes::from(head))]).chain(self.body))
    }
}

/// The head has one value for each name, and cookies apart.
fn joined(headers: &HeaderMap) -> HeaderMap {
    let mut joined = HeaderMap::with_capacity(headers.keys_len());
    for name in headers.keys().filter(|name| *name != header::SET_COOKIE) {
        let values: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        if let Ok(value) = HeaderValue::from_bytes(&values.join(&b","[..])) {
            joined.insert(name, value);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::{Reply, Streamed};

    async fn sent(reply: impl Reply) -> String {
        let chunks: Vec<_> =
            StreamedAnswer::of(reply.into_response().unwrap()).into_chunks().unwrap().try_collect().await.unwrap();
        let texts = chunks.iter().map(|chunk| String::from_utf8_lossy(chunk).replace('\0', "0"));
        texts.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn the_head_goes_first_and_the_body_as_it_comes() {
        let body = stream::iter(["one", "two"].map(Ok::<_, Error>));
        expect![[r#"
            {"statusCode":200,"headers":{"content-type":"text/csv","x-a":"1,2"},"cookies":["a=1","b=2"]}00000000
            one
            two"#]]
        .assert_eq(
            &sent(
                Streamed::new(body)
                    .header(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"))
                    .append_header("x-a".parse().unwrap(), HeaderValue::from_static("1"))
                    .append_header("x-a".parse().unwrap(), HeaderValue::from_static("2"))
                    .append_header(header::SET_COOKIE, HeaderValue::from_static("a=1"))
                    .append_header(header::SET_COOKIE, HeaderValue::from_static("b=2")),
            )
            .await,
        );
    }

    #[tokio::test]
    async fn a_reply_that_is_whole_is_sent_in_the_same_form() {
        expect![[r#"
            {"statusCode":200,"headers":{"content-type":"text/plain; charset=utf-8"},"cookies":[]}00000000
            hi"#]]
        .assert_eq(&sent("hi").await);
    }
}
