//! A load that remembers the result of each request.

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

/// A request of a client.
#[derive(Clone, Copy, Debug)]
enum Request {
    /// A balancer may send it again.
    Hello,
    /// A balancer may not.
    Visit,
}

impl Request {
    const fn line(self) -> &'static str {
        match self {
            Self::Hello => "GET /hello",
            Self::Visit => "POST /visits",
        }
    }

    const fn answer(self) -> &'static str {
        match self {
            Self::Hello => "Hello World!",
            Self::Visit => r#"{"visits":"#,
        }
    }
}

/// A request that was not answered as it should be.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) begun: Instant,
    /// Whether the connection had served a request before.
    pub(crate) reused: bool,
    pub(crate) why: String,
}

/// The results of the requests.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    /// Connections that nobody accepted: nothing was sent, so nothing is lost.
    pub(crate) refused: u64,
    /// Requests that an instance refused because it was starting, for the client to send
    /// again.
    pub(crate) deferred: u64,
    pub(crate) lost: Vec<Lost>,
}

impl Outcome {
    /// Fails with each reason if any was lost or refused, or if there was hardly any
    /// load.
    pub(crate) fn assert_none_lost(&self, at_least: u64) {
        assert_eq!(self.refused, 0, "{self}");
        self.assert_none_broken(at_least);
    }

    /// Fails with each reason if any was lost after it was sent, or if there was hardly
    /// any load.
    pub(crate) fn assert_none_broken(&self, at_least: u64) {
        assert!(self.lost.is_empty(), "{self}");
        assert!(self.answered >= at_least, "there was no load: {self}");
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (answered, refused) = (self.answered, self.refused);
        let (deferred, lost) = (self.deferred, self.lost.len());
        writeln!(
            f,
            "{answered} answered, {refused} refused, {deferred} deferred, {lost} lost"
        )?;
        let first = self.lost.iter().map(|lost| lost.begun).min();
        for lost in self.lost.iter().take(50) {
            let after = lost.begun - first.unwrap_or(lost.begun);
            let Lost { reused, why, .. } = lost;
            writeln!(f, "  {after:>10.3?}  reused: {reused:5}  {why}")?;
        }
        Ok(())
    }
}

/// Clients that ask for `/hello` and add to `/visits` by turns, until they are told to
/// end.
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

    /// Ends the clients, and prints their sum.
    #[expect(
        clippy::print_stdout,
        reason = "`--nocapture` shows how large the load was"
    )]
    pub(crate) fn end(self) -> Outcome {
        self.end.store(true, Ordering::Relaxed);
        let mut sum = Outcome::default();
        for client in self.clients {
            let outcome = client.join().unwrap();
            sum.answered += outcome.answered;
            sum.refused += outcome.refused;
            sum.deferred += outcome.deferred;
            sum.lost.extend(outcome.lost);
        }
        println!("{sum}");
        sum
    }
}

fn ask(address: SocketAddr, how: Connections, end: &AtomicBool, count: &AtomicU64) -> Outcome {
    let mut outcome = Outcome::default();
    let mut kept = None;
    let mut asks = [Request::Hello, Request::Visit].into_iter().cycle();
    while !end.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let reused = kept.is_some();
        let Some(asked) = asks.next() else { break };
        match request(kept.take(), address, how, asked) {
            Ok(Answer::Served(connection)) => {
                kept = connection;
                outcome.answered += 1;
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Answer::Starting) => outcome.deferred += 1,
            Err(err) if err.kind() == ErrorKind::ConnectionRefused => outcome.refused += 1,
            Err(err) => {
                let why = format!("{err} after {:?}", begun.elapsed());
                outcome.lost.push(Lost { begun, reused, why });
            }
        }
        thread::sleep(PAUSE);
    }
    outcome
}

enum Answer {
    /// With the connection, if it can be used again.
    Served(Option<TcpStream>),
    Starting,
}

fn request(
    kept: Option<TcpStream>,
    address: SocketAddr,
    how: Connections,
    asked: Request,
) -> io::Result<Answer> {
    let mut stream = match kept {
        Some(stream) => stream,
        None => connect(address)?,
    };
    let connection = match how {
        Connections::New => "close",
        Connections::Kept => "keep-alive",
    };
    let line = asked.line();
    let head = format!("{line} HTTP/1.1\r\nHost: test\r\nConnection: {connection}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let answer = read(&mut stream)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let head = head.to_ascii_lowercase();
    if head.starts_with("http/1.1 503 ") && body.contains("the service is starting") {
        return Ok(Answer::Starting);
    }
    if !head.starts_with("http/1.1 200 ") || !body.starts_with(asked.answer()) {
        return Err(io::Error::other(answer));
    }
    let is_kept = !head.contains("\r\nconnection: close");
    Ok(Answer::Served(is_kept.then_some(stream)))
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, DEADLINE)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads a response with a length in its head.
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
