//! A value of a document as the text that a variable would hold.

use serde_json::{Map, Value};

use crate::spec::Var;
use crate::value::{join, Form};

/// The texts of one variable's value.
pub(super) struct Texts<'v> {
    separator: &'v str,
    /// The values that no text says, each by its place in the whole value, such as `[1].name`,
    /// with a clause about it.
    pub(super) unsaid: Vec<(String, String)>,
}

impl<'v> Texts<'v> {
    pub(super) fn of(var: &'v Var) -> Self {
        Self {
            separator: var.separator(),
            unsaid: Vec::new(),
        }
    }

    /// Returns the text that a variable would hold.
    pub(super) fn whole(&mut self, value: &Value, var: &Var) -> String {
        if var.form().is_json() {
            return value.to_string();
        }
        let text = self.text(value, Some(&var.form()), "");
        // An empty text counts as not set, and white space has no element.
        if text.is_empty() && (value.is_array() || value.is_object()) {
            return " ".to_owned();
        }
        text
    }

    /// Returns the text of the value at `place` in the whole value.
    fn text(&mut self, value: &Value, form: Option<&Form>, place: &str) -> String {
        match value {
            Value::Array(elements) => {
                self.expect_shape(form, "a list", place);
                self.list(elements, form, place)
            }
            Value::Object(members) => {
                if let Some(text) = datetime(members) {
                    return text.to_owned();
                }
                self.expect_shape(form, "an object", place);
                self.map(members, form.and_then(Form::of_value), place)
            }
            value => plain(value),
        }
    }

    fn expect_shape(&mut self, form: Option<&Form>, found: &str, place: &str) {
        let is_list = |form: &Form| form.is_several() && form.of_value().is_none();
        let expected = match form {
            Some(form) if form.is_single() => "a single value",
            Some(form) if is_list(form) && found != "a list" => "a list",
            _ => return,
        };
        self.unsaid(place, &format!("is {found}, where {expected} is expected"));
    }

    fn list(&mut self, elements: &[Value], form: Option<&Form>, place: &str) -> String {
        let place_of = |index: usize| format!("{place}[{index}]");
        let mut texts = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let form = form.and_then(|form| form.of_element(index));
            texts.push(self.trimmed(element, form, &place_of(index)));
        }
        self.joined(&texts, place_of)
    }

    fn map(&mut self, members: &Map<String, Value>, form: Option<&Form>, place: &str) -> String {
        let place_of = |key: &str| format!("{place}.{key}");
        let mut pairs = Vec::new();
        for (key, value) in members {
            let place = place_of(key);
            let text = self.trimmed(value, form, &place);
            if key.contains('=') {
                let why = "has a `=` in its key, where the key would end; rename it";
                self.unsaid(&place, why);
            } else if key.trim() != key {
                let why = "has white space around its key, which a map does not keep; remove it";
                self.unsaid(&place, why);
            }
            pairs.push(format!("{}={text}", key.trim()));
        }
        let keys: Vec<&str> = members.keys().map(String::as_str).collect();
        self.joined(&pairs, |index| place_of(keys[index]))
    }

    /// Returns the text of a value in a list or a map, which has no white space around it.
    fn trimmed(&mut self, value: &Value, form: Option<&Form>, place: &str) -> String {
        let text = self.text(value, form, place);
        if text.trim() != text {
            let why = "begins or ends with white space, which a list or a map does not keep; \
                       remove the white space";
            self.unsaid(place, why);
        }
        text.trim().to_owned()
    }

    fn joined(&mut self, texts: &[String], place_of: impl Fn(usize) -> String) -> String {
        let (joined, lost) = join(texts, self.separator);
        if let Some(index) = lost {
            let why = if texts[index].is_empty() {
                "is empty, which white space between elements does not keep; remove the element"
                    .to_owned()
            } else {
                let separator = self.separator;
                format!(
                    "cannot be told from the separator {separator:?} beside it; change the value"
                )
            };
            self.unsaid(&place_of(index), &why);
        }
        joined
    }

    fn unsaid(&mut self, place: &str, why: &str) {
        self.unsaid.push((place.to_owned(), why.to_owned()));
    }
}

/// Returns the text of a value that is no list and no map.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Returns the text of a date or time of TOML, which serde sees as an object.
fn datetime(members: &Map<String, Value>) -> Option<&str> {
    let text = members.get("$__toml_private_datetime")?;
    text.as_str().filter(|_| members.len() == 1)
}
