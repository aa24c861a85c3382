//! The facts that documentation states about a variable: which, and in which words.
//!
//! Every format renders this list. A format leaves out only facts that it shows in a place of
//! their own, such as a column for the type.

use std::borrow::Cow;

use crate::spec::variables::Variable;
use crate::value::{is_bare, EnvValue, Form};

/// A fact about a variable.
pub(super) struct Fact {
    pub(super) about: About,
    /// The fact in words that may stand inside a sentence.
    pub(super) clause: String,
}

/// The subject of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The documentation of the field, which is no clause.
    Doc,
    /// The form of the text, if a key of the field decides on the form.
    Form,
    Words,
    Range,
    Length,
    Separator,
    /// The meaning of an empty text.
    Empty,
    Secret,
    /// Other names of the variable, and the key in stores.
    Name,
    /// The variable that may name a file instead.
    File,
    Rule,
    Live,
    /// The condition without which an optional variable is not read.
    When,
}

impl Fact {
    fn new(about: About, clause: impl Into<String>) -> Self {
        let clause = clause.into();
        Self { about, clause }
    }

    /// Returns the fact as a sentence.
    pub(super) fn sentence(&self) -> String {
        match self.about {
            About::Doc => self.clause.clone(),
            _ => sentence(&self.clause),
        }
    }
}

/// Returns a clause as a sentence.
pub(super) fn sentence(clause: &str) -> String {
    let first = clause.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = clause.split_at(first);
    format!("{}{rest}.", first.to_uppercase())
}

/// Returns the sentence about a name that a release has removed.
pub(super) fn of_removed(remedy: &str) -> String {
    sentence(&format!("no longer read; {remedy}"))
}

/// Joins sentences. A doc comment may end without a full stop.
pub(super) fn joined(sentences: &[String]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if !text.is_empty() {
            let is_open = !text.ends_with(['.', '!', '?', ':', ';', ',', '…', '。']);
            text.push_str(if is_open { ". " } else { " " });
        }
        text.push_str(sentence);
    }
    text
}

/// Returns the facts about which `is_shown` says yes, a sentence each.
pub(super) fn sentences(variable: &Variable, is_shown: impl Fn(About) -> bool) -> Vec<String> {
    let facts = of(variable).into_iter();
    let shown = facts.filter(|fact| is_shown(fact.about));
    shown.map(|fact| fact.sentence()).collect()
}

/// Returns the comment on a variable in a file to begin with, as its lines show texts alone.
pub(super) fn comment(variable: &Variable, is_shown: impl Fn(About) -> bool) -> String {
    let mut sentences = sentences(variable, is_shown);
    if let (Some(when), true) = (&variable.when, variable.is_required()) {
        sentences.push(sentence(&format!("required if {when}")));
    }
    // The line of the variable shows every other default.
    let composed = variable.default_from.as_ref().and(default(variable));
    sentences.extend(composed.map(|text| sentence(&format!("default: {text}"))));
    joined(&sentences)
}

/// Returns all facts but the presence of a variable and its default.
pub(super) fn of(variable: &Variable) -> Vec<Fact> {
    let (var, details) = (variable.var, variable.var.details);
    let mut facts = Vec::new();
    let mut add = |about, clause: Option<String>| {
        facts.extend(clause.map(|clause| Fact::new(about, clause)));
    };
    let doc = variable.item.doc.replace('\n', " ");
    add(About::Doc, Some(doc).filter(|doc| !doc.is_empty()));
    let form = var.form();
    add(About::Form, text(&form));
    add(About::Words, words(&form));
    add(About::Range, var.range().map(|range| range.words));
    add(About::Length, var.length().map(|length| length.words));
    let separator = details.separator;
    let separator = separator.map(|text| format!("separated by {text:?}"));
    add(About::Separator, separator);
    let may_be_empty = var.allow_empty && !form.is_present();
    add(
        About::Empty,
        may_be_empty.then(|| "may be empty".to_owned()),
    );
    add(About::Secret, var.secret.then(|| "secret".to_owned()));
    let names = |label: &str, names: &[&str]| {
        (!names.is_empty()).then(|| format!("{label}: {}", names.join(", ")))
    };
    add(About::Name, names("also", details.aliases));
    add(About::Name, names("deprecated", details.deprecated));
    for rule in &variable.rules {
        add(About::Rule, Some(rule.clone()));
    }
    let file = variable.file_name();
    add(About::File, file.map(|name| format!("or a file: {name}")));
    let key = details.key;
    add(About::Name, key.map(|key| format!("key in stores: {key}")));
    let live = var
        .live
        .then(|| "takes effect without a restart".to_owned());
    add(About::Live, live);
    let when = variable.read_only_if().filter(|_| !variable.is_required());
    add(About::When, when.map(|when| format!("read only if {when}")));
    facts
}

/// Returns the form of the text, if a key of the field decides on the form: types alone are
/// told by the documentation.
fn text(form: &Form) -> Option<String> {
    let by_key = form.unit().is_some() || form.is_json();
    let by_key = by_key.then(|| form.without_phrase().to_string());
    match (form.phrase(), by_key) {
        (Some(phrase), Some(form)) => Some(format!("expects {phrase}: {form}")),
        (Some(phrase), None) => Some(format!("expects {phrase}")),
        (None, form) => form.map(|form| format!("expects {form}")),
    }
}

fn words(form: &Form) -> Option<String> {
    if form.is_present() {
        return Some("on if set, even to an empty text".to_owned());
    }
    if form.is_truthy() {
        return Some("on if true, yes or 1; off if any other text".to_owned());
    }
    let words = form.known_words()?.join(", ");
    let several = form.is_several();
    let label = if several { "each one of" } else { "one of" };
    Some(format!("{label}: {words}"))
}

/// Returns whether the type is a switch: its words need not be told where space is short.
pub(super) fn is_switch(variable: &Variable) -> bool {
    variable.var.form().without_phrase() == bool::FORM
}

/// Returns the default for a person: with the unit of a number, and `""` if empty.
pub(super) fn default(variable: &Variable) -> Option<Cow<'_, str>> {
    let text = variable.shown_default()?;
    let unit = variable.var.form().unit();
    Some(match (text, unit) {
        ("", _) => "\"\"".into(),
        (text, None) => text.into(),
        (text, Some(unit)) => with_unit(text, variable.var.separator(), unit).into(),
    })
}

/// Adds the unit to each number without a unit, of a list or of the values of a map too.
fn with_unit(text: &str, separator: &str, unit: &str) -> String {
    let parts = text.split(separator).map(|part| {
        let number = part.rsplit('=').next().unwrap_or_default().trim();
        if is_bare(number) {
            format!("{}{unit}", part.trim_end())
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join(separator)
}
