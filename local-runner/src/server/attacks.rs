//! Bytes that two readers of HTTP/1.1 could take for different requests: request smuggling, and what else is no HTTP.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Request, Response};
use skyloom_manifest::bridge::BoxFuture;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::watch,
};

use super::http::{Answer, bind, serve};

const CORPUS: &str = include_str!("bytes.txt");

/// What a careless reader takes for one more request, and what each reader that has lost its place stumbles over.
const SMUGGLED: &[u8] = b"GET /smuggled HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

/// Keeps what it is asked.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Answer for Seen {
    const BODY_LIMIT: usize = 1024;

    fn answer(self: Arc<Self>, request: Request<Bytes>, _: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
        let body = String::from_utf8_lossy(request.body());
        self.0.lock().unwrap().push(format!("{} {} {body}", request.method(), request.uri()).trim_end().to_owned());
        Box::pin(async { Response::new(Bytes::new()) })
    }

    fn body_too_large(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
        response
    }
}

/// What reached the application, and the status of the last answer.
async fn tell(bytes: &[u8]) -> (Vec<String>, String) {
    let listener = bind((Ipv4Addr::LOCALHOST, 0).into(), "--port").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (seen, (stop, stopped)) = (Arc::<Seen>::default(), watch::channel(false));
    let serving = tokio::spawn(serve(listener, Arc::clone(&seen), stopped, None));
    let _ = client.write_all(bytes).await; // it may have been hung up on already
    let _ = client.write_all(SMUGGLED).await;
    let _ = client.shutdown().await;
    let mut answers = Vec::new();
    let _ = client.read_to_end(&mut answers).await;
    stop.send_replace(true);
    serving.await.unwrap();
    let answers = String::from_utf8_lossy(&answers).into_owned();
    let last = answers.rsplit("HTTP/1.1 ").next().unwrap_or_default().get(..3).unwrap_or_default().to_owned();
    let seen = seen.0.lock().unwrap().clone();
    (seen, last)
}

fn bytes_of(text: &str) -> Vec<u8> {
    let text = text
        .replace("HOST", r"host: a\r\n")
        .replace("$LONG", &"a".repeat(1_000_000))
        .replace("$HUNDREDS", &r"x-a: b\r\n".repeat(200))
        .replace("$MANY", &r"x-a: b\r\n".repeat(3_000));
    let mut parts = text.split('\\');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (byte, length) = match part.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b't', ..] => (b'\t', 1),
            [b'x', ..] => (u8::from_str_radix(&part[1..3], 16).unwrap(), 3),
            _ => panic!("`\\{part}` is no byte"),
        };
        bytes.push(byte);
        bytes.extend(&part.as_bytes()[length..]);
    }
    bytes
}

#[tokio::test]
async fn what_reaches_the_application_is_what_every_reader_would_take_it_for() {
    let lines = CORPUS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut wrong = Vec::new();
    for line in lines {
        let [name, expected, bytes] = line.splitn(3, " | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (seen, status) = tell(&bytes_of(bytes)).await;
        let seen = if seen.is_empty() { "nothing".into() } else { seen.join(", ") };
        let is_refused = matches!(status.as_str(), "400" | "413" | "431" | "414" | "");
        if seen != expected.replace(" , ", ", ") || (expected == "nothing" && !is_refused) {
            wrong.push(format!("`{name}`: {seen} instead of {expected}, {status}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn two_requests_in_a_row_are_two() {
    let (seen, status) = tell(b"POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc").await;
    assert_eq!((seen, status.as_str()), (vec!["POST /a abc".into(), "GET /smuggled".into()], "200"));
}
