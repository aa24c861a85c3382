//! A connection on which anything can be sent, as no decent client does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::client::Answer;

/// A connection, with bytes that were read and not looked at yet.
pub(crate) struct Raw(BufReader<TcpStream>);

impl Raw {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        let deadline = Some(Duration::from_secs(20));
        stream.set_read_timeout(deadline).unwrap();
        stream.set_write_timeout(deadline).unwrap();
        Self(BufReader::new(stream))
    }

    /// The same connection, to send on while the first reads.
    pub(crate) fn writer(&self) -> Self {
        Self(BufReader::new(self.0.get_ref().try_clone().unwrap()))
    }

    /// Changes how long an answer may take.
    pub(crate) fn deadline(&self, deadline: Duration) {
        self.0.get_ref().set_read_timeout(Some(deadline)).unwrap();
    }

    /// Sends bytes. The service may close the connection before it has them all.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.0.get_mut().write_all(bytes.as_ref());
        self
    }

    /// Sends as much of `bytes` as the service takes without waiting. Returns how much.
    pub(crate) fn flood(&mut self, bytes: &[u8]) -> usize {
        let stream = self.0.get_mut();
        stream.set_nonblocking(true).unwrap();
        let mut sent = 0;
        while let Ok(more @ 1..) = stream.write(&bytes[sent..]) {
            sent += more;
        }
        stream.set_nonblocking(false).unwrap();
        sent
    }

    /// Sends a request without a body.
    pub(crate) fn request(&mut self, method: &str, target: &str) -> &mut Self {
        self.send(format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        ))
    }

    /// Reads an answer, if there is one before the connection is closed.
    pub(crate) fn try_answer(&mut self, has_body: bool) -> Option<Answer> {
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        while let Some((name, value)) = self.line()?.split_once(": ") {
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: String::new(),
        };
        let length = answer.header("content-length").unwrap_or("0").parse();
        let length = if has_body { length.unwrap() } else { 0 };
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }

    pub(crate) fn answer(&mut self) -> Answer {
        self.try_answer(true).unwrap()
    }

    /// Whether the service has closed the connection, with nothing more to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        match self.0.fill_buf() {
            Ok(bytes) => bytes.is_empty(),
            Err(err) => err.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Whether the service has closed the connection without a reset, with nothing more to say.
    pub(crate) fn is_ended(&mut self) -> bool {
        self.0.fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        line.strip_suffix("\r\n").map(str::to_owned)
    }
}
