//! Clients that send the same request again and again, each on one connection that it keeps.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// A request, and what its answer has to be.
pub struct Exchange {
    request: Vec<u8>,
    status: &'static str,
}

/// What the clients saw.
#[derive(Clone, Copy)]
pub struct Outcome {
    /// Answers per second, of all clients together.
    pub per_second: f64,
    /// How long half of the answers took at most.
    pub median: Duration,
    /// How long 99 of a hundred answers took at most.
    pub p99: Duration,
}

impl Exchange {
    /// A request of this head, without the end of its last line.
    pub fn new(head: &str, body: &str, status: &'static str) -> Self {
        let length = body.len();
        let request = format!("{head}\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}");
        Self { request: request.into_bytes(), status }
    }
}

impl Outcome {
    /// The one of the median rate.
    pub fn median(outcomes: impl Iterator<Item = Self>) -> Self {
        let mut outcomes: Vec<_> = outcomes.collect();
        outcomes.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        outcomes[outcomes.len() / 2]
    }
}

/// Sends once, and returns the body of the answer.
pub fn ask(address: SocketAddr, exchange: &Exchange) -> String {
    let body = Client::connect(address).send(exchange);
    String::from_utf8(body).expect("the answer is a text")
}

/// Has so many clients send these in turn, each beginning with another, for so long.
pub fn run(address: SocketAddr, exchanges: &[Exchange], clients: usize, duration: Duration) -> Outcome {
    let began = Instant::now();
    let until = began + duration;
    let mut latencies: Vec<Duration> = thread::scope(|scope| {
        let begin = |client| exchanges.iter().cycle().skip(client * exchanges.len() / clients);
        let clients: Vec<_> =
            (0..clients).map(|client| scope.spawn(move || send_until(address, begin(client), until))).collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client gets its answers")).collect()
    });
    let took = began.elapsed();
    latencies.sort();
    let part = |percent: usize| latencies[(latencies.len() * percent / 100).min(latencies.len() - 1)];
    Outcome { per_second: latencies.len() as f64 / took.as_secs_f64(), median: part(50), p99: part(99) }
}

fn send_until<'a>(address: SocketAddr, exchanges: impl Iterator<Item = &'a Exchange>, until: Instant) -> Vec<Duration> {
    let mut client = Client::connect(address);
    let mut latencies = Vec::new();
    for exchange in exchanges {
        let before = Instant::now();
        client.send(exchange);
        latencies.push(before.elapsed());
        if Instant::now() >= until {
            break;
        }
    }
    latencies
}

struct Client {
    writer: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let writer = TcpStream::connect(address).expect("the server listens");
        writer.set_nodelay(true).expect("a socket");
        writer.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
        let reader = BufReader::new(writer.try_clone().expect("a socket"));
        Self { writer, reader }
    }

    fn send(&mut self, exchange: &Exchange) -> Vec<u8> {
        self.writer.write_all(&exchange.request).expect("the server listens");
        let (status_line, body) = self.read_answer();
        let text = String::from_utf8_lossy(&body);
        assert!(status_line.contains(exchange.status), "the server answered: {status_line}{text}");
        body
    }

    fn read_answer(&mut self) -> (String, Vec<u8>) {
        let status_line = self.read_line();
        let mut length = None;
        loop {
            let line = self.read_line().to_ascii_lowercase();
            if line.trim_end().is_empty() {
                break;
            }
            length = line.strip_prefix("content-length:").map(|value| value.trim().parse().ok()).unwrap_or(length);
        }
        let mut body = vec![0; length.expect("the servers say how long their answers are")];
        self.reader.read_exact(&mut body).expect("a whole answer");
        (status_line, body)
    }

    fn read_line(&mut self) -> String {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).expect("an answer in time");
        assert!(read > 0, "the server hung up");
        line
    }
}
