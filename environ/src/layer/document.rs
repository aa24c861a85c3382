//! A value of serde as a layer: a TOML, YAML or JSON file, or flags of a command line.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{layer, Layer, Opened, Pairs, Table, Variables};
use crate::name::Path;
use crate::report::{Fault, Problem};
use crate::spec::{Item, Kind, Presence, Var};
use crate::value::escape;

/// A document as a layer: each member is the field of the same path.
///
/// `{"log": {"level": "debug"}}` is the field `log.level`, whatever its variable is called.
/// Texts, numbers and truth values are read as if a variable held them; a list or an object
/// is the text of a list or map, and JSON for a field with `#[env(json)]`. Groups in a list
/// or a map are lists and objects too. A variant is its word, or an object with the word as
/// its one member: `{"storage": {"s3": {"bucket": "b"}}}`. `null` counts as not set.
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
        let value = serde_json::to_value(value).map_err(|err| err.to_string());
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
        let mut pairs = Pairs::new();
        let why = match &self.value {
            Ok(Value::Object(members)) => {
                read(members, table.items, table.root, &mut pairs);
                None
            }
            Ok(Value::Null) => None,
            Ok(_) => Some("it is not an object whose members are fields".to_owned()),
            Err(err) => Some(format!("it cannot be read: {err}")),
        };
        let fault = |why| Fault::Wrong { code: "file", why };
        let name = Some((&*self.name).into());
        let problem = why.map(|why| Problem::new(self.name.clone(), fault(why), ""));
        let problems = problem.into_iter().collect();
        Opened::new(name, Variables::Read(pairs), problems)
    }
}

fn read(members: &Map<String, Value>, items: &'static [Item], path: &Path<'_>, pairs: &mut Pairs) {
    for (key, value) in members {
        match items.iter().find(|item| is_field(item, key)) {
            Some(item) => read_field(value, item, path, pairs),
            None => read_elsewhere(key, value, items, path, pairs),
        }
    }
    select(members, items, path, pairs);
}

fn is_field(item: &Item, key: &str) -> bool {
    let is_selector = item.is_selector() && !item.segment().is_empty();
    (!item.field.is_empty() && same(item.field, key)) || (is_selector && same(item.segment(), key))
}

/// Returns whether a key is a field's name, in any letter case, and with `-` for `_`.
fn same(field: &str, key: &str) -> bool {
    let letters = |text: &str| text.replace('-', "_").to_lowercase();
    letters(field) == letters(key)
}

fn read_field(value: &Value, item: &'static Item, path: &Path<'_>, pairs: &mut Pairs) {
    let own = item.path(path);
    match (&item.kind, value) {
        (_, Value::Null) => {}
        (Kind::Var(var), value) => {
            pairs.insert(own.to_string(), text(value, var).into());
        }
        (Kind::Group(spec), Value::Object(members)) => read(members, spec.items, &own, pairs),
        (Kind::List(spec), Value::Array(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                read_group(element, spec.items, &own, &index.to_string(), pairs);
            }
        }
        (Kind::List(spec) | Kind::Map(spec), Value::Object(members)) => {
            for (key, member) in members {
                read_group(member, spec.items, &own, &segment(key), pairs);
            }
        }
        // The word of a variant, or a value at the wrong place.
        (_, value) => {
            pairs.insert(own.to_string(), plain(value).into());
        }
    }
}

fn read_group(
    value: &Value,
    items: &'static [Item],
    path: &Path<'_>,
    segment: &str,
    pairs: &mut Pairs,
) {
    let path = path.join(segment);
    match value {
        Value::Null => {}
        Value::Object(members) => read(members, items, &path, pairs),
        value => drop(pairs.insert(path.to_string(), plain(value).into())),
    }
}

/// Reads a member that is no field of this group: a field of a group that adds no segment,
/// or else a name that strict mode reports.
fn read_elsewhere(
    key: &str,
    value: &Value,
    items: &'static [Item],
    path: &Path<'_>,
    pairs: &mut Pairs,
) {
    for item in items {
        match &item.kind {
            Kind::Group(spec) if item.segment().is_empty() => {
                if let Some(field) = spec.items.iter().find(|inner| is_field(inner, key)) {
                    return read_field(value, field, &item.path(path), pairs);
                }
            }
            _ => {}
        }
    }
    let own = path.join(&segment(key));
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, member) in members {
                read_elsewhere(key, member, &[], &own, pairs);
            }
        }
        value => drop(pairs.insert(own.to_string(), plain(value).into())),
    }
}

/// Selects the variant that is the one member of its group.
fn select(
    members: &Map<String, Value>,
    items: &'static [Item],
    path: &Path<'_>,
    pairs: &mut Pairs,
) {
    let [(key, _)] = &members.iter().collect::<Vec<_>>()[..] else {
        return;
    };
    let Some(selector) = items.first().filter(|item| item.is_selector()) else {
        return;
    };
    let Kind::Var(var) = selector.kind else {
        return;
    };
    let words = var.form().known_words().unwrap_or_default();
    let named = items.iter().find_map(|item| match item.presence {
        Presence::Variant(word) if is_field(item, key) => Some(word),
        _ => None,
    });
    let unit = words.iter().copied().find(|word| same(word, key));
    if let Some(word) = named.or(unit) {
        let name = selector.full_name(path);
        pairs.entry(name).or_insert_with(|| word.into());
    }
}

fn segment(key: &str) -> String {
    key.replace('-', "_").to_uppercase()
}

/// Returns the text that a variable would hold.
fn text(value: &Value, var: &Var) -> String {
    match value {
        value if var.form().is_json() => value.to_string(),
        Value::Array(elements) => joined(elements.iter().map(plain), var.separator()),
        Value::Object(members) if datetime(members).is_none() => {
            let pairs = members.iter();
            let pairs = pairs.map(|(key, member)| format!("{key}={}", plain(member)));
            joined(pairs, var.separator())
        }
        value => plain(value),
    }
}

/// Joins elements so that a list reads the same elements again.
fn joined(elements: impl Iterator<Item = String>, separator: &str) -> String {
    let mut text = String::new();
    for (index, element) in elements.enumerate() {
        if index > 0 {
            // Before a separator, two backslashes stand for each.
            let backslashes = text.len() - text.trim_end_matches('\\').len();
            text.push_str(&"\\".repeat(backslashes));
            text.push_str(separator);
        }
        text.push_str(&escape(&element, separator));
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => match datetime(members) {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        },
        value => value.to_string(),
    }
}

/// Returns the text of a date or time of TOML, which serde sees as an object.
fn datetime(members: &Map<String, Value>) -> Option<&str> {
    let text = members.get("$__toml_private_datetime")?;
    text.as_str().filter(|_| members.len() == 1)
}
