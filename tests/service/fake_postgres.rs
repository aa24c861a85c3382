//! A PostgreSQL server of a test's own, which says whatever the test wants.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server says to a login or a statement.
#[derive(Clone)]
pub(crate) enum Says {
    /// What a server in good health says: the number of visits.
    Well,
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, again and again.
    Endless(Vec<u8>),
    /// Asks for the password, and quotes it.
    PasswordBack,
}

/// A server on a free port, for as long as the test lives.
pub(crate) struct FakePostgres(Arc<Shared>);

struct Shared {
    port: u16,
    visits: AtomicUsize,
    login: Mutex<Says>,
    statement: Mutex<Says>,
}

impl FakePostgres {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            port: listener.local_addr().unwrap().port(),
            visits: AtomicUsize::new(0),
            login: Mutex::new(Says::Well),
            statement: Mutex::new(Says::Well),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.serve(stream.unwrap()));
            }
        });
        Self(shared)
    }

    /// Its URL, with the user `app` and this password.
    pub(crate) fn url(&self, password: &str) -> String {
        format!("postgres://app:{password}@127.0.0.1:{}/app", self.0.port)
    }

    /// The number of visits that it has counted.
    pub(crate) fn visits(&self) -> usize {
        self.0.visits.load(Ordering::SeqCst)
    }

    pub(crate) fn say_to_logins(&self, says: Says) {
        *self.0.login.lock().unwrap() = says;
    }

    pub(crate) fn say_to_statements(&self, says: Says) {
        *self.0.statement.lock().unwrap() = says;
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        loop {
            let startup = read_body(&mut stream)?;
            // It asks for TLS.
            if startup != [4, 210, 22, 47] {
                break;
            }
            stream.write_all(b"N")?;
        }
        let login = self.login.lock().unwrap().clone();
        match login {
            Says::Well => stream.write_all(&logged_in())?,
            Says::PasswordBack => {
                stream.write_all(&message(b'R', &3_u32.to_be_bytes()))?;
                let (_, password) = read_message(&mut stream)?;
                let password = String::from_utf8_lossy(&password[..password.len() - 1]);
                let text = format!("got your password: {password} bye");
                return stream.write_all(&error("FATAL", "XX000", &text));
            }
            says => say(&mut stream, &says)?,
        }
        loop {
            let (kind, body) = read_message(&mut stream)?;
            let text = String::from_utf8_lossy(&body).into_owned();
            match kind {
                b'Q' if text.contains("visits") => self.answer(&mut stream, &text)?,
                b'Q' => stream.write_all(&[message(b'I', b""), ready()].concat())?,
                b'S' => stream.write_all(&ready())?,
                b'X' => return Ok(()),
                _ => stream.write_all(&message(b'1', b""))?,
            }
        }
    }

    fn answer(&self, stream: &mut TcpStream, text: &str) -> io::Result<()> {
        if text.contains("UPDATE") {
            self.visits.fetch_add(1, Ordering::SeqCst);
        }
        let says = self.statement.lock().unwrap().clone();
        let set = message(b'C', b"SET\0");
        stream.write_all(&[&set[..], &set].concat())?;
        match says {
            Says::Well => {
                let count = self.visits().to_string();
                stream.write_all(&[row(Some(count.as_bytes())), ready()].concat())
            }
            says => say(stream, &says),
        }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn say(stream: &mut TcpStream, says: &Says) -> io::Result<()> {
    match says {
        Says::Bytes(bytes) => stream.write_all(bytes),
        Says::Endless(bytes) => loop {
            stream.write_all(bytes)?;
        },
        Says::Well | Says::PasswordBack => unreachable!("the caller says it"),
    }
}

fn read_body(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn read_message(stream: &mut TcpStream) -> io::Result<(u8, Vec<u8>)> {
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok((kind[0], read_body(stream)?))
}

/// A message of the protocol.
pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind], &length.to_be_bytes()[..], body].concat()
}

pub(crate) fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

fn logged_in() -> Vec<u8> {
    [
        message(b'R', &[0; 4]),
        message(b'S', b"server_version\x0016.0\0"),
        ready(),
    ]
    .concat()
}

/// An answer of one row with one column, which may be NULL.
pub(crate) fn row(value: Option<&[u8]>) -> Vec<u8> {
    let value = match value {
        Some(value) => [
            &u32::try_from(value.len()).unwrap().to_be_bytes()[..],
            value,
        ]
        .concat(),
        None => u32::MAX.to_be_bytes().to_vec(),
    };
    let data = [&[0, 1][..], &value].concat();
    [
        columns(),
        message(b'D', &data),
        message(b'C', b"UPDATE 1\0"),
    ]
    .concat()
}

/// The names and types of a row: one number of eight bytes, as text.
pub(crate) fn columns() -> Vec<u8> {
    let mut body = b"\0\x01count\0".to_vec();
    body.extend([0; 6]);
    body.extend([0, 0, 0, 20, 0, 8, 255, 255, 255, 255, 0, 0]);
    message(b'T', &body)
}

pub(crate) fn error(severity: &str, code: &str, text: &str) -> Vec<u8> {
    let body = format!("S{severity}\0V{severity}\0C{code}\0M{text}\0\0");
    message(b'E', body.as_bytes())
}

pub(crate) fn notice(text: &str) -> Vec<u8> {
    let body = format!("SWARNING\0VWARNING\0C01000\0M{text}\0\0");
    message(b'N', body.as_bytes())
}
