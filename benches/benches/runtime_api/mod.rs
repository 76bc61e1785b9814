//! A Lambda Runtime API that hands out the same event so many times and then hangs up.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

/// A request as an HTTP API sends it: AWS's sample of payload format 2.0, with a token of Cognito and a small order.
const EVENT: &str = include_str!("event.json");

pub struct RuntimeApi {
    address: String,
    first_poll: mpsc::Receiver<Instant>,
    served: mpsc::Receiver<Duration>,
}

/// How far a run is; its connections share it.
struct Run {
    invocations: usize,
    handed_out: usize,
    answered: usize,
    began: Option<Instant>,
    first_poll: mpsc::Sender<Instant>,
    served: mpsc::Sender<Duration>,
}

impl RuntimeApi {
    pub fn start(invocations: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket").to_string();
        let (poll_sender, first_poll) = mpsc::channel();
        let (served_sender, served) = mpsc::channel();
        let (first, last) = (poll_sender, served_sender);
        let run = Run { invocations, handed_out: 0, answered: 0, began: None, first_poll: first, served: last };
        let run = Arc::new(Mutex::new(run));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let run = Arc::clone(&run);
                thread::spawn(move || serve(stream.expect("the program connects"), &run));
            }
        });
        Self { address, first_poll, served }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn wait_for_first_poll(&self) -> Instant {
        self.first_poll.recv().expect("the program polls")
    }

    /// How long the invocations took, from the first event handed out to the last answer.
    pub fn wait_until_served(&self) -> Duration {
        self.served.recv().expect("the program answers every event")
    }
}

/// Serves a connection until the program or, after the last answer, the poll for more ends it.
fn serve(stream: TcpStream, run: &Mutex<Run>) {
    stream.set_nodelay(true).expect("a socket");
    let mut writer = stream.try_clone().expect("a socket");
    let mut reader = BufReader::new(stream);
    while let Some(line) = read_request(&mut reader) {
        let mut run = run.lock().expect("no connection panicked");
        if !line.starts_with("GET") {
            assert!(line.contains("/response"), "the program failed: {line}");
            run.answered += 1;
            writer.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").expect("the program listens");
            continue;
        }
        let _ = run.first_poll.send(Instant::now());
        if run.answered == run.invocations {
            let took = run.began.map_or(Duration::ZERO, |began| began.elapsed());
            let _ = run.served.send(took);
            return;
        }
        run.began.get_or_insert_with(Instant::now);
        run.handed_out += 1;
        hand_out(&mut writer, run.handed_out);
    }
}

fn hand_out(writer: &mut TcpStream, number: usize) {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-{number:012}\r\n\
         lambda-runtime-deadline-ms: 4102444800000\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:place_order\r\n\
         lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1\r\n\
         content-length: {}\r\n\r\n",
        EVENT.len()
    );
    writer.write_all(format!("{head}{EVENT}").as_bytes()).expect("the program listens");
}

/// The request line, after the whole request has been read; nothing when the program has hung up.
fn read_request(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut request_line = String::new();
    if reader.read_line(&mut request_line).ok()? == 0 {
        return None;
    }
    let mut length = 0;
    let mut chunked = false;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let lower = line.trim_end().to_ascii_lowercase();
        if lower.is_empty() {
            break;
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        chunked |= lower == "transfer-encoding: chunked";
    }
    if chunked {
        skip_chunks(reader)?
    } else {
        reader.read_exact(&mut vec![0; length]).ok()?
    }
    Some(request_line)
}

fn skip_chunks(reader: &mut BufReader<TcpStream>) -> Option<()> {
    loop {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        reader.read_exact(&mut vec![0; size + 2]).ok()?;
        if size == 0 {
            return Some(());
        }
    }
}
