//! Writes the specification while the compiler evaluates constants, where nothing can be
//! allocated or formatted: once to count the bytes, and once to keep them.

use crate::config::EnvConfig;
use crate::name::{self, ConstStr};
use crate::spec::{Item, Kind, Name, Part, Presence, Rule, Spec, Var};
use crate::value::{Form, FormKind};

/// The marker without the zero bytes around it, which no text in a program has by chance.
pub(super) const MARKER: &str = "environ-spec-1";

/// The longest name, and the longest path of fields.
const MAX_NAME: usize = 512;

type Path = ConstStr<MAX_NAME>;

/// Returns the number of bytes.
#[doc(hidden)]
#[must_use]
pub const fn len<T: EnvConfig>() -> usize {
    Json::<0>::of(T::SPEC).used
}

/// Returns the marker and the specification, with zero bytes around both.
#[doc(hidden)]
#[must_use]
pub const fn bytes<T: EnvConfig, const LEN: usize>() -> [u8; LEN] {
    Json::<LEN>::of(T::SPEC).bytes
}

/// Text of this length. An array without room only counts.
struct Json<const LEN: usize> {
    bytes: [u8; LEN],
    used: usize,
    /// The last byte, which the pass that only counts knows too.
    last: u8,
}

/// The names and fields around a group.
#[derive(Clone, Copy)]
struct Outer {
    path: Path,
    field: Path,
    /// Stands between the path and the next segment.
    joint: &'static str,
    delimiter: &'static str,
}

impl<const LEN: usize> Json<LEN> {
    const fn of(spec: &Spec) -> Self {
        let mut json = Self {
            bytes: [0; LEN],
            used: 0,
            last: 0,
        };
        let root = Outer {
            path: Path::of(spec.root()),
            field: Path::EMPTY,
            joint: spec.after_prefix,
            delimiter: spec.joint(),
        };
        json.byte(0);
        json.raw(MARKER);
        json.byte(0);
        json.raw("{\"format\":1,\"config\":");
        json.quoted(spec.ident);
        json.text("prefix", spec.root());
        if let Some(delimiter) = spec.delimiter {
            json.text("after_prefix", spec.after_prefix);
            json.text("delimiter", delimiter);
        }
        if !spec.doc.is_empty() {
            json.key("doc");
            json.quoted(spec.doc);
        }
        json.key("variables");
        json.raw("[");
        json.variables(spec.items, &root, None);
        json.raw("]");
        json.key("rules");
        json.raw("[");
        json.rules(spec.items, &root);
        json.raw("]");
        json.key("removed");
        json.raw("[");
        json.removed(spec.items);
        json.raw("]");
        json.key("groups");
        json.raw("[");
        json.groups(spec.items, &root);
        json.raw("]}");
        json.byte(0);
        json
    }

    /// Writes the variables of a table, of which `switch` switches the group on.
    const fn variables(&mut self, items: &[Item], outer: &Outer, switch: Option<usize>) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            let inner = inside(item, outer);
            match &item.kind {
                Kind::Var(var) => {
                    let is_switch = matches!(switch, Some(index) if index == i);
                    self.variable(item, var, &inner, is_switch);
                    self.composed_default(item, var, items, outer);
                    self.raw("}");
                }
                Kind::Group(spec) => {
                    let switch = match item.presence {
                        Presence::When(index) => Some(index),
                        _ => None,
                    };
                    self.variables(spec.items, &inner, switch);
                }
                Kind::List(spec) | Kind::Map(spec) => {
                    self.variables(spec.items, &instance(&item.kind, &inner), None);
                }
                Kind::Rule(_) | Kind::Removed(_) => {}
            }
            i += 1;
        }
    }

    const fn variable(&mut self, item: &Item, var: &Var, own: &Outer, is_switch: bool) {
        self.comma();
        self.raw("{\"name\":");
        self.path(&own.path, "");
        self.key("field");
        self.path(&own.field, "");
        self.key("type");
        self.raw("\"");
        self.column(&var.form());
        self.raw("\"");
        if var.form().is_custom() {
            self.key("custom");
            self.raw("true");
        }
        if let Some(words) = var.form().known_words() {
            self.list("words", words);
        }
        self.word_aliases(&var.form());
        if let Some(range) = var.details.written_range {
            self.text("written_range", range);
        }
        if let Some(range) = var.details.written_len {
            self.text("written_length", range);
            let parts = if var.form().is_several() {
                "elements"
            } else {
                "characters"
            };
            self.text("length_parts", parts);
        }
        if var.form().is_separated() {
            self.text("separator", var.separator());
        }
        self.key("required");
        match item.presence {
            Presence::Required if !is_switch => self.raw("true"),
            _ => self.raw("false"),
        }
        if let (Presence::Default(text), false) = (item.presence, var.secret) {
            self.text("default", text);
        }
        if let Some(text) = var.details.example {
            self.text("example", text);
        }
        if var.secret {
            self.key("secret");
            self.raw("true");
        }
        if var.form().is_present() {
            self.key("present");
            self.raw("true");
        }
        if var.live {
            self.key("live");
            self.raw("true");
        }
        if var.allow_empty {
            self.key("allow_empty");
            self.raw("true");
        }
        if !var.details.aliases.is_empty() {
            self.list("aliases", var.details.aliases);
        }
        if !var.details.deprecated.is_empty() {
            self.list("deprecated", var.details.deprecated);
        }
        if var.file {
            self.key("file");
            self.path(&own.path, name::FILE);
        }
        if !item.doc.is_empty() {
            self.text("doc", item.doc);
        }
    }

    const fn word_aliases(&mut self, form: &Form) {
        let aliases = form.known_aliases();
        let mut i = 0;
        while i < aliases.len() {
            if i == 0 {
                self.key("word_aliases");
                self.raw("{");
            } else {
                self.raw(",");
            }
            self.quoted(aliases[i].0);
            self.raw(":");
            self.quoted(aliases[i].1);
            i += 1;
        }
        if i > 0 {
            self.raw("}");
        }
    }

    /// Writes a default with the texts of other fields in it, as `composed::documented` does.
    const fn composed_default(&mut self, item: &Item, var: &Var, items: &[Item], outer: &Outer) {
        let (Presence::From(parts), false) = (item.presence, var.secret) else {
            return;
        };
        self.key("default_from");
        self.raw("\"");
        let mut i = 0;
        while i < parts.len() {
            match parts[i] {
                Part::Text(text) => self.escaped(text.as_bytes()),
                Part::Field(index) => {
                    self.raw("$");
                    let name = inside(&items[index], outer).path;
                    self.escaped(name.as_str().as_bytes());
                }
            }
            i += 1;
        }
        self.raw("\"");
    }

    /// Writes the rules of each table behind the rules of the groups in it, as `rule::of` finds
    /// them.
    const fn rules(&mut self, items: &[Item], outer: &Outer) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            match &item.kind {
                Kind::Var(_) | Kind::Removed(_) => {}
                Kind::Group(spec) => self.rules(spec.items, &inside(item, outer)),
                Kind::List(spec) | Kind::Map(spec) => {
                    let inner = instance(&item.kind, &inside(item, outer));
                    self.rules(spec.items, &inner);
                }
                Kind::Rule(rule) => self.rule(*rule, items, outer),
            }
            i += 1;
        }
    }

    const fn rule(&mut self, rule: Rule, items: &[Item], outer: &Outer) {
        self.comma();
        self.raw("{\"rule\":");
        self.quoted(rule.kind.key());
        self.key("variables");
        self.raw("[");
        let mut i = 0;
        while i < rule.members.len() {
            self.comma();
            let item = &items[rule.members[i]];
            let own = inside(item, outer);
            match (&item.kind, item.presence) {
                (Kind::Group(spec), Presence::When(index)) => {
                    self.path(&inside(&spec.items[index], &own).path, "");
                }
                (Kind::Group(spec), _) if spec.is_switched() => {
                    self.path(&inside(&spec.items[0], &own).path, "");
                }
                (Kind::Group(_) | Kind::List(_) | Kind::Map(_), _) => {
                    self.path(&own.path.join(own.joint, "*"), "");
                }
                _ => self.path(&own.path, ""),
            }
            i += 1;
        }
        self.raw("]}");
    }

    const fn removed(&mut self, items: &[Item]) {
        let mut i = 0;
        while i < items.len() {
            match &items[i].kind {
                Kind::Removed(remedy) => {
                    self.comma();
                    self.raw("{\"name\":");
                    self.quoted(items[i].segment());
                    self.text("remedy", remedy);
                    self.raw("}");
                }
                Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => self.removed(spec.items),
                Kind::Var(_) | Kind::Rule(_) => {}
            }
            i += 1;
        }
    }

    /// Writes the type as `Form::column` does.
    const fn column(&mut self, form: &Form) {
        if let Some(phrase) = form.phrase() {
            self.phrase(phrase);
            return;
        }
        match &form.kind {
            FormKind::Text | FormKind::Path => self.raw("text"),
            FormKind::Noun { noun, .. } | FormKind::Spelled(noun) => {
                let bytes = noun.as_bytes();
                let mut end = 0;
                while end < bytes.len() && bytes[end] != b',' {
                    end += 1;
                }
                self.escaped(bytes.split_at(end).0);
            }
            FormKind::Words(_) => self.raw("word"),
            FormKind::List(inner) => {
                self.raw("list of ");
                self.column(inner);
            }
            FormKind::Array(inner, len) => {
                self.number(*len);
                self.raw(" of ");
                self.column(inner);
            }
            FormKind::Tuple(forms) => {
                let mut i = 0;
                while i < forms.len() {
                    if i > 0 {
                        self.raw(", ");
                    }
                    self.column(&forms[i]);
                    i += 1;
                }
            }
            FormKind::Map(key, value) => {
                self.raw("map of ");
                self.column(key);
                self.raw(" to ");
                self.column(value);
            }
            FormKind::Secret(inner) => self.column(inner),
        }
    }

    /// Writes a phrase without its article.
    const fn phrase(&mut self, phrase: &str) {
        let bytes = phrase.as_bytes();
        let noun = match bytes {
            [b'a', b' ', ..] => bytes.split_at(2).1,
            [b'a', b'n', b' ', ..] => bytes.split_at(3).1,
            _ => bytes,
        };
        self.escaped(noun);
    }

    /// Writes the groups that may be absent, as `conditions::of` finds them.
    const fn groups(&mut self, items: &[Item], outer: &Outer) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            let inner = inside(item, outer);
            match &item.kind {
                Kind::Var(_) | Kind::Rule(_) | Kind::Removed(_) => {}
                Kind::Group(spec) => {
                    match item.presence {
                        Presence::Optional => self.any_set(&inner),
                        Presence::Variant(word) => {
                            self.chosen(&inner, &inside(&items[0], outer), word);
                        }
                        Presence::When(index) => self.if_set(&inner, spec, index),
                        Presence::Required | Presence::Default(_) | Presence::From(_) => {}
                    }
                    self.groups(spec.items, &inner);
                }
                Kind::List(spec) | Kind::Map(spec) => {
                    let inner = instance(&item.kind, &inner);
                    self.any_set(&inner);
                    self.groups(spec.items, &inner);
                }
            }
            i += 1;
        }
    }

    const fn any_set(&mut self, group: &Outer) {
        self.comma();
        self.raw("{\"field\":");
        self.path(&group.field, "");
        self.raw(",\"when\":{\"any_set\":");
        self.path(&group.path.join(group.joint, "*"), "");
        self.raw("}}");
    }

    /// Writes the names of the variable that switches a group on, as `When::if_set` does.
    const fn if_set(&mut self, group: &Outer, spec: &Spec, index: usize) {
        self.comma();
        self.raw("{\"field\":");
        self.path(&group.field, "");
        self.raw(",\"when\":{\"any_set\":[");
        let item = &spec.items[index];
        self.path(&inside(item, group).path, "");
        if let Kind::Var(var) = &item.kind {
            self.others(var, "");
            if var.file {
                self.comma();
                self.path(&inside(item, group).path, name::FILE);
                self.others(var, name::FILE);
            }
        }
        self.raw("]}}");
    }

    /// Writes the names of a variable besides its own, each with `end`.
    const fn others(&mut self, var: &Var, end: &str) {
        let (mut i, mut k) = (0, 0);
        while i < var.details.aliases.len() {
            self.comma();
            self.path(&Path::of(var.details.aliases[i]), end);
            i += 1;
        }
        while k < var.details.deprecated.len() {
            self.comma();
            self.path(&Path::of(var.details.deprecated[k]), end);
            k += 1;
        }
    }

    const fn chosen(&mut self, group: &Outer, selector: &Outer, word: &str) {
        self.comma();
        self.raw("{\"field\":");
        self.path(&group.field, "");
        self.raw(",\"when\":{\"variable\":");
        self.path(&selector.path, "");
        self.text("is", word);
        self.raw("}}");
    }

    const fn list(&mut self, key: &str, texts: &[&str]) {
        self.key(key);
        self.raw("[");
        let mut i = 0;
        while i < texts.len() {
            self.comma();
            self.quoted(texts[i]);
            i += 1;
        }
        self.raw("]");
    }

    const fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.quoted(text);
    }

    const fn key(&mut self, key: &str) {
        self.raw(",\"");
        self.raw(key);
        self.raw("\":");
    }

    /// Writes a comma unless a list just began.
    const fn comma(&mut self) {
        if self.last != b'[' {
            self.raw(",");
        }
    }

    const fn path(&mut self, path: &Path, end: &str) {
        self.raw("\"");
        self.escaped(path.as_str().as_bytes());
        self.raw(end);
        self.raw("\"");
    }

    const fn quoted(&mut self, text: &str) {
        self.raw("\"");
        self.escaped(text.as_bytes());
        self.raw("\"");
    }

    const fn escaped(&mut self, text: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut i = 0;
        while i < text.len() {
            match text[i] {
                byte @ (b'"' | b'\\') => {
                    self.byte(b'\\');
                    self.byte(byte);
                }
                byte @ ..=0x1f => {
                    self.raw("\\u00");
                    self.byte(HEX[(byte >> 4) as usize]);
                    self.byte(HEX[(byte & 15) as usize]);
                }
                byte => self.byte(byte),
            }
            i += 1;
        }
    }

    const fn number(&mut self, number: usize) {
        if number > 9 {
            self.number(number / 10);
        }
        self.byte(b"0123456789"[number % 10]);
    }

    const fn raw(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.byte(bytes[i]);
            i += 1;
        }
    }

    const fn byte(&mut self, byte: u8) {
        if LEN > 0 {
            self.bytes[self.used] = byte;
        }
        self.used += 1;
        self.last = byte;
    }
}

/// Returns the name and the field of an item in a group.
const fn inside(item: &Item, outer: &Outer) -> Outer {
    let path = match item.name {
        Name::Segment(segment) => outer.path.join(outer.joint, segment),
        Name::Full(name) => Path::of(name),
    };
    let mut field = outer.field;
    if !field.as_str().is_empty() && !item.field.is_empty() {
        field.push(".");
    }
    field.push(item.field);
    let own = Outer {
        path,
        field,
        joint: if item.segment().is_empty() {
            outer.joint
        } else {
            outer.delimiter
        },
        delimiter: outer.delimiter,
    };
    check(&own);
    own
}

/// Returns the placeholder of a group of a list or a map.
const fn instance(kind: &Kind, outer: &Outer) -> Outer {
    let segment = match kind {
        Kind::List(_) => name::ANY_NUMBER,
        _ => name::ANY_KEY,
    };
    let mut field = outer.field;
    field.push("[");
    field.push(segment);
    field.push("]");
    let own = Outer {
        path: outer.path.join(outer.joint, segment),
        field,
        joint: outer.delimiter,
        delimiter: outer.delimiter,
    };
    check(&own);
    own
}

/// Stops the compiler where a name is cut.
const fn check(own: &Outer) {
    if own.path.as_str().len() == MAX_NAME || own.field.as_str().len() == MAX_NAME {
        name::stop("a name has more than 511 bytes, too many for `embed!`");
    }
}
