//! A load that remembers what became of each request.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a request may take before it counts as lost.
const DEADLINE: Duration = Duration::from_secs(20);

/// Between two requests of a client: the load is to go on, not to be high.
const PAUSE: Duration = Duration::from_millis(2);

/// How a client connects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Connections {
    /// A new connection for each request.
    New,
    /// One for as long as the server keeps it.
    Kept,
}

/// A request that was not answered with `Hello World!`.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) begun: Instant,
    /// Whether the connection had served a request before.
    pub(crate) reused: bool,
    pub(crate) why: String,
}

/// What became of the requests.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    pub(crate) lost: Vec<Lost>,
}

impl Outcome {
    /// Fails with each reason if any was lost, or if there was hardly any load.
    pub(crate) fn assert_none_lost(&self, at_least: u64) {
        assert!(self.lost.is_empty(), "{self}");
        assert!(self.answered >= at_least, "there was no load: {self}");
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} answered, {} lost", self.answered, self.lost.len())?;
        let first = self.lost.iter().map(|lost| lost.begun).min();
        for lost in self.lost.iter().take(50) {
            let after = lost.begun - first.unwrap_or(lost.begun);
            let Lost { reused, why, .. } = lost;
            writeln!(f, "  {after:>10.3?}  reused: {reused:5}  {why}")?;
        }
        Ok(())
    }
}

/// Clients that ask for `/hello`, one request after another, until they are told
/// to end.
pub(crate) struct Load {
    clients: Vec<JoinHandle<Outcome>>,
    end: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
}

impl Load {
    pub(crate) fn start(address: SocketAddr, clients: usize, connections: Connections) -> Self {
        let end = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicU64::new(0));
        let clients = (0..clients).map(|_| {
            let (end, answered) = (Arc::clone(&end), Arc::clone(&answered));
            thread::spawn(move || ask(address, connections, &end, &answered))
        });
        Self {
            clients: clients.collect(),
            end,
            answered,
        }
    }

    /// Waits until so many more requests are answered.
    pub(crate) fn go_on(&self, requests: u64) {
        let enough = self.answered.load(Ordering::Relaxed) + requests;
        let start = Instant::now();
        while self.answered.load(Ordering::Relaxed) < enough {
            assert!(start.elapsed() < DEADLINE, "nothing is answered any more");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn end(self) -> Outcome {
        self.end.store(true, Ordering::Relaxed);
        let mut sum = Outcome::default();
        for client in self.clients {
            let outcome = client.join().unwrap();
            sum.answered += outcome.answered;
            sum.lost.extend(outcome.lost);
        }
        sum
    }
}

fn ask(address: SocketAddr, how: Connections, end: &AtomicBool, count: &AtomicU64) -> Outcome {
    let mut outcome = Outcome::default();
    let mut kept = None;
    while !end.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let reused = kept.is_some();
        match request(kept.take(), address, how) {
            Ok(connection) => {
                kept = connection;
                outcome.answered += 1;
                count.fetch_add(1, Ordering::Relaxed);
            }
            Err(err) => {
                let why = format!("{err} after {:?}", begun.elapsed());
                outcome.lost.push(Lost { begun, reused, why });
            }
        }
        thread::sleep(PAUSE);
    }
    outcome
}

/// Gives the connection back if it can be used again.
fn request(
    kept: Option<TcpStream>,
    address: SocketAddr,
    how: Connections,
) -> io::Result<Option<TcpStream>> {
    let mut stream = match kept {
        Some(stream) => stream,
        None => connect(address)?,
    };
    let connection = match how {
        Connections::New => "close",
        Connections::Kept => "keep-alive",
    };
    let head = format!("GET /hello HTTP/1.1\r\nHost: test\r\nConnection: {connection}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let answer = read(&mut stream)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let head = head.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200 ") || body != "Hello World!" {
        return Err(io::Error::other(answer));
    }
    Ok((!head.contains("\r\nconnection: close")).then_some(stream))
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, DEADLINE)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads one response, whose length its head says.
fn read(stream: &mut TcpStream) -> io::Result<String> {
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        let length = stream.read(&mut part)?;
        if length == 0 {
            let why = format!("the connection ended after {answer:?}");
            return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
        }
        answer.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && content_length(head).is_some_and(|length| body.len() >= length)
        {
            return Ok(text.into_owned());
        }
    }
}

fn content_length(head: &str) -> Option<usize> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, length) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    length.trim().parse().ok()
}
