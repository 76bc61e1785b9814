use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use super::*;
use crate::{
    build::Digest,
    deploy::{block_on, image},
};

/// A registry that keeps what it is given as the distribution specification says, and writes down what it is asked.
#[derive(Default)]
struct Kept {
    blobs: BTreeMap<String, Vec<u8>>,
    manifests: BTreeMap<String, Vec<u8>>,
    upload: Vec<u8>,
    log: Vec<String>,
    /// How many of the next requests it answers with 503.
    busy: usize,
    /// What it says to a `POST`, with 403.
    denied: Option<String>,
    /// Where it says that uploads go on.
    elsewhere: Option<String>,
}

/// An answer: the status, a `Location`, and the body.
type Answer = (u16, Option<String>, String);

impl Kept {
    fn answer(&mut self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        self.log.push(format!("{method} {path}"));
        if self.busy > 0 {
            self.busy -= 1;
            return (503, None, String::new());
        }
        if let ("POST", Some(denied)) = (method, &self.denied) {
            return (403, None, denied.clone());
        }
        let (status, location) = self.kept(method, path, body);
        (status, location, String::new())
    }

    fn kept(&mut self, method: &str, path: &str, body: Vec<u8>) -> (u16, Option<String>) {
        let rest = path.strip_prefix("/v2/skyloom/orders/").unwrap();
        let found = |found: bool| (if found { 200 } else { 404 }, None);
        let place =
            || Some(self.elsewhere.clone().unwrap_or_else(|| "/v2/skyloom/orders/blobs/uploads/1?state=a".into()));
        match (method, rest.split_once('/').unwrap()) {
            ("HEAD", ("manifests", digest)) => {
                found(self.manifests.values().any(|it| Digest::of(it).to_string() == digest))
            }
            ("HEAD", ("blobs", digest)) => found(self.blobs.contains_key(digest)),
            ("POST", ("blobs", "uploads/")) => (202, place()),
            ("PATCH", ("blobs", _)) => {
                let place = place();
                self.upload = body;
                (202, place)
            }
            ("PUT", ("blobs", upload)) => {
                let digest = upload.split_once("digest=").unwrap().1;
                let bytes = std::mem::take(&mut self.upload);
                let fits = Digest::of(&bytes).to_string() == digest;
                self.blobs.insert(digest.to_owned(), bytes);
                (if fits { 201 } else { 400 }, None)
            }
            ("PUT", ("manifests", tag)) => {
                self.manifests.insert(tag.to_owned(), body);
                (201, None)
            }
            other => panic!("{other:?}"),
        }
    }
}

fn serve(kept: Kept) -> (String, Arc<Mutex<Kept>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::new(Mutex::new(kept));
    let shared = Arc::clone(&kept);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || while one(&stream, &shared).is_some() {});
        }
    });
    (endpoint, kept)
}

/// Answers one request of a connection, if there is another.
fn one(stream: &TcpStream, kept: &Mutex<Kept>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut text = String::new();
        reader.read_line(&mut text).ok().filter(|read| *read > 0)?;
        Some(text.trim_end().to_owned())
    };
    let first = line()?;
    let mut headers = BTreeMap::new();
    while let Some((name, value)) = line()?.split_once(": ") {
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    assert_eq!(headers["authorization"], "Basic QVdTOnBhc3N3b3Jk");
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let (status, location, body) = kept.lock().unwrap().answer(method, path, body);
    let location = location.map(|place| format!("location: {place}\r\n")).unwrap_or_default();
    let mut stream = stream;
    stream
        .write_all(format!("HTTP/1.1 {status} x\r\n{location}content-length: {}\r\n\r\n{body}", body.len()).as_bytes())
        .ok()
}

fn push(endpoint: &str, image: &Layout) -> Result<bool> {
    let soon = Duration::from_millis(1);
    let retries = RetryConfig::standard().with_initial_backoff(soon).with_max_backoff(soon);
    let registry = Registry::with_retries(endpoint, "QVdTOnBhc3N3b3Jk", "skyloom/orders", &retries)?;
    block_on(registry.push(image))
}

#[test]
fn an_image_is_pushed_part_by_part_and_its_manifest_last_and_then_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let image = image::tests::layout(folder.path());
    let (endpoint, kept) = serve(Kept::default());
    assert!(push(&endpoint, &image).unwrap());
    let kept_first = {
        let kept = kept.lock().unwrap();
        assert_eq!(kept.blobs.values().map(Vec::as_slice).collect::<Vec<_>>().len(), 2);
        let tag = image.manifest.digest.replace(':', "-");
        assert_eq!(kept.manifests[&tag], image.manifest.bytes);
        assert!(kept.log.last().unwrap().starts_with("PUT /v2/skyloom/orders/manifests/sha256-"));
        kept.log.len()
    };
    assert!(!push(&endpoint, &image).unwrap());
    assert_eq!(kept.lock().unwrap().log.len(), kept_first + 1, "it is asked once whether it is there");
}

#[test]
fn a_part_that_is_there_is_not_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = image::tests::layout(folder.path());
    let there = image.read(&image.parts[0]).unwrap();
    let blobs = [(there.digest.clone(), there.bytes)].into();
    let (endpoint, kept) = serve(Kept { blobs, ..Kept::default() });
    assert!(push(&endpoint, &image).unwrap());
    let ends = |log: &[String]| log.iter().filter(|it| it.starts_with("PATCH")).count();
    assert_eq!(ends(&kept.lock().unwrap().log), 1);
}

#[test]
fn a_registry_that_is_busy_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let image = image::tests::layout(folder.path());
    let (endpoint, _) = serve(Kept { busy: 1, ..Kept::default() });
    assert!(push(&endpoint, &image).unwrap());
}

#[test]
fn the_token_is_given_to_no_other_host() {
    let folder = tempfile::tempdir().unwrap();
    let image = image::tests::layout(folder.path());
    let elsewhere = Some("https://attacker.example/upload".to_owned());
    let (endpoint, _) = serve(Kept { elsewhere, ..Kept::default() });
    let error = push(&endpoint, &image).unwrap_err().to_string();
    assert!(error.contains("another host, https://attacker.example/upload"), "{error}");
}

#[test]
fn a_denied_action_comes_with_the_statement_that_allows_it() {
    let folder = tempfile::tempdir().unwrap();
    let image = image::tests::layout(folder.path());
    let denied = r#"{"errors":[{"code":"DENIED","message":"User: arn:aws:iam::1:user/ann is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:1:repository/skyloom/orders because no identity-based policy allows it"}]}"#;
    let (endpoint, _) = serve(Kept { denied: Some(denied.into()), ..Kept::default() });
    let error = push(&endpoint, &image).unwrap_err().to_string();
    assert!(
        error.starts_with("arn:aws:iam::1:user/ann may not do `ecr:InitiateLayerUpload` on arn:aws:ecr:"),
        "{error}"
    );
    assert!(error.contains(r#""Action":"ecr:InitiateLayerUpload""#), "{error}");
}
