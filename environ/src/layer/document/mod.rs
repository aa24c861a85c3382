//! A value of serde as a layer: a TOML, YAML or JSON file, or flags of a command line.

mod members;
mod numbers;
mod text;

use std::fmt;

use members::Reading;
use serde::Serialize;
use serde_json::Value;

use super::{layer, Layer, Opened, Table, Variables};
use crate::report::{Fault, Problem};

/// A document as a layer: each member is the field of the same path.
///
/// `{"log": {"level": "debug"}}` is the field `log.level`, whatever its variable is called.
/// Texts, numbers and truth values are read as if a variable held them. A list or an object is
/// the list or map of the field, in lists and maps too, and JSON for a field with `#[env(json)]`.
/// Groups in a list or a map are lists and objects too. A variant is its word, or an object with
/// the word as its one member: `{"storage": {"s3": {"bucket": "b"}}}`.
///
/// Nothing is lost: a value is loaded as the document has it, or it is a problem with its key.
///
/// - An empty list or object is an empty list or map, beside a default too. An empty text counts as
///   not set.
/// - `false` for a field with `#[env(present)]` counts as not set.
/// - `null` counts as not set. In a list or a map it is an empty text, which is `None` for an
///   `Option`; in a list of groups it is a problem.
/// - A group of a list or a map without a member, `{}`, has the defaults of its fields. It is a
///   problem if no field has a default.
/// - Two members of one name are a problem: letter case does not count, and `-` is `_`. The keys of
///   a map of groups are in lower case, as those of variables are.
/// - The text of a variable cannot have white space around an element, or `=` in a key of a map, so
///   that these are problems; `#[env(json)]` reads them.
///
/// # Examples
///
/// ```
/// use environ::{Document, EnvConfig};
///
/// #[derive(Debug, EnvConfig)]
/// struct AppConfig {
///     #[env(name = "PORT")]
///     port: u16,
///     #[env(group)]
///     log: Log,
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct Log {
///     level: String,
/// }
///
/// // Or the `toml::Table` of a file.
/// let file = serde_json::json!({ "port": 80, "log": { "level": "debug" } });
/// let loaded = AppConfig::loader()
///     .source([("APP_LOG_LEVEL", "info")]) // `environ::Process` in a program
///     .source(Document::from_serialize("config.toml", &file))
///     .load()?;
/// assert_eq!((loaded.config.port, &*loaded.config.log.level), (80, "info"));
/// assert_eq!(loaded.origins.get("PORT").unwrap().to_string(), "config.toml");
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone)]
pub struct Document {
    name: String,
    /// The reason is shown.
    value: Result<Value, String>,
}

impl Document {
    /// Creates the layer of a value that serializes as an object. The name is shown in
    /// origins, errors and warnings.
    ///
    /// A value that is no object is a problem of the load.
    pub fn from_serialize(name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        let name = name.into();
        let value = numbers::to_value(value).map_err(|err| err.to_string());
        Self { name, value }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

layer!(Document);

impl Layer for Document {
    fn open(&self, table: Table<'_>) -> Opened<'_> {
        let mut reading = Reading::new(table);
        match &self.value {
            Ok(Value::Object(members)) => reading.read(members, table.items, table.root, ""),
            Ok(Value::Null) => {}
            Ok(_) => {
                let why = "it is not an object whose members are fields";
                reading.wrong.push(why.to_owned());
            }
            Err(err) => reading.wrong.push(format!("it cannot be read: {err}")),
        }
        let problem = |why| {
            let fault = Fault::Wrong { code: "file", why };
            Problem::new(self.name.clone(), fault, "")
        };
        let problems = reading.wrong.into_iter().map(problem).collect();
        let name = Some((&*self.name).into());
        Opened {
            keys: reading.keys,
            ..Opened::new(name, Variables::Read(reading.pairs), problems)
        }
    }
}
