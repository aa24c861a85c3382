//! A `.env` file as a layer.

use std::cell::Cell;
use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{layer, Layer, Opened, Pairs, Table, Variables};
use crate::report::{Fault, Problem};
use crate::source::file;

/// A `.env` file, for development.
///
/// The syntax is that of the crate `dotenvy`: comments, `export`, quotes, values of several
/// lines, and `$NAME` for a variable of the process or of a line above. The last line of a
/// name counts.
///
/// The file is read by each load. A file that is not there is empty; a line that cannot be
/// read is a problem, with the file and the number of the line. A secret in the file is not
/// in the environment, so that no warning says so.
///
/// # Examples
///
/// ```
/// use environ::{DotEnv, EnvConfig};
///
/// #[derive(Debug, EnvConfig)]
/// struct Http {
///     port: u16,
///     host: String,
/// }
///
/// # let path = std::env::temp_dir().join(format!("environ-doc-{}.env", std::process::id()));
/// # let path = &path;
/// std::fs::write(path, "APP_PORT=8000\nAPP_HOST=localhost # for now\n").unwrap();
/// let loaded = Http::loader()
///     .source([("APP_PORT", "80")]) // `environ::Process` in a program
///     .layer(".env", DotEnv::from_path(path))
///     .load()?;
/// assert_eq!((loaded.config.port, &*loaded.config.host), (80, "localhost"));
/// assert_eq!(loaded.origins.get("APP_HOST").unwrap().to_string(), ".env");
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DotEnv {
    /// `None` if no file was found.
    path: Option<PathBuf>,
}

impl DotEnv {
    /// Creates the layer of the file at `path`.
    #[must_use]
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = Some(path.into());
        Self { path }
    }

    /// Creates the layer of the file `.env` in the current directory, or else in the
    /// nearest directory above that has such a file. A directory called `.env` is no file.
    #[must_use]
    pub fn find() -> Self {
        let here = env::current_dir().unwrap_or_default();
        let files = here.ancestors().map(|dir| dir.join(".env"));
        let path = { files }.find(|path| path.is_file());
        Self { path }
    }

    /// Returns the path of the file, or `None` if [`find`](Self::find) found none.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

layer!(DotEnv);

impl Layer for DotEnv {
    fn open(&self, _: Table<'_>) -> Opened<'_> {
        let (mut pairs, mut problems) = (Pairs::new(), Vec::new());
        let name = match &self.path {
            Some(path) => path.display().to_string(),
            None => ".env".to_owned(),
        };
        match self.path.as_ref().map(file::read) {
            Some(Ok(text)) => read(&text, &name, &mut pairs, &mut problems),
            Some(Err(err)) if !err.is_not_found() => {
                problems.push(problem(name.clone(), format!("cannot be read: {err}")));
            }
            Some(Err(_)) | None => {}
        }
        Opened::new(Some(name.into()), Variables::Read(pairs), problems)
    }
}

fn read(text: &[u8], name: &str, pairs: &mut Pairs, problems: &mut Vec<Problem>) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines_read = Cell::new(0);
    let lines = Lines {
        rest: text,
        count: &lines_read,
    };
    let mut entries = dotenvy::from_read_iter(lines);
    loop {
        let before = lines_read.get();
        let why = match entries.next() {
            None => return,
            Some(Ok((variable, value))) => {
                pairs.insert(variable, value.into());
                continue;
            }
            Some(Err(dotenvy::Error::Io(_))) => "it is not UTF-8",
            // The error of the parser quotes the line, which may hold a secret.
            Some(Err(_)) => {
                "it is not `NAME=value`; put quotes around a value with spaces, `#` or `$`, \
                 and close them"
            }
        };
        let line = first_entry(text, before);
        problems.push(problem(format!("{name}:{line}"), why.to_owned()));
    }
}

fn problem(name: String, why: String) -> Problem {
    Problem::new(name, Fault::Wrong { code: "file", why }, "")
}

/// Returns the number of the first line after `before` lines that is neither blank nor a
/// comment.
fn first_entry(text: &[u8], before: usize) -> usize {
    let lines = text.split(|byte| *byte == b'\n').skip(before);
    let skipped = lines.take_while(|line| {
        let line = line.trim_ascii();
        line.is_empty() || line.starts_with(b"#")
    });
    before + skipped.count() + 1
}

/// Text that is read a line at a time, so that the parser's place in it is known.
struct Lines<'a> {
    rest: &'a [u8],
    count: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let line = end.map_or(self.rest.len(), |end| end + 1);
        let len = line.min(buffer.len());
        buffer[..len].copy_from_slice(&self.rest[..len]);
        self.rest = &self.rest[len..];
        if len == line && len > 0 {
            self.count.set(self.count.get() + 1);
        }
        Ok(len)
    }
}
