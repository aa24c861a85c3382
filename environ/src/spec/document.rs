//! The document of a specification, as JSON: written while the compiler evaluates constants,
//! where nothing can be allocated or formatted, and while a program runs.
//!
//! It holds the table as far as a constant can: the conditions of variables are in `groups`
//! alone, and ranges are as the code has them.

use serde_json::{Map, Value};

use super::composed::needs_braces;
use super::{Item, Kind, Name, Part, Presence, Rule, Spec, Var};
use crate::name;
use crate::value::{Form, FormKind};

/// Changes with the form of the document, not with the crate.
pub(crate) const FORMAT: usize = 1;

/// Returns the number of bytes.
pub(crate) const fn len(spec: &Spec, prefix: &str) -> usize {
    let mut json = Json::new(&mut []);
    json.document(spec, prefix);
    json.used
}

/// Writes the document, with names that begin with `prefix`.
pub(crate) const fn write(spec: &Spec, prefix: &str, bytes: &mut [u8]) {
    Json::new(bytes).document(spec, prefix);
}

/// Removes lists and objects that have nothing in them, but for the variables: the compiler
/// writes these too.
pub(crate) fn remove_empty(document: &mut Map<String, Value>) {
    document.retain(|key, member| match member {
        Value::Array(list) => !list.is_empty() || key == "variables",
        Value::Object(object) => !object.is_empty(),
        _ => true,
    });
}

/// Text in these bytes. Text that has no room is only counted.
struct Json<'b> {
    bytes: &'b mut [u8],
    used: usize,
    /// The last byte, which the pass that only counts knows too.
    last: u8,
}

/// A group, or a variable, with the groups around it.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says how a part of a name is joined"
)]
struct Outer<'a> {
    around: Option<&'a Outer<'a>>,
    /// The last part of the path, or the whole path.
    segment: &'a str,
    is_whole: bool,
    is_path_empty: bool,
    /// The last part of the fields that lead here.
    field: &'a str,
    /// Whether the field is one of a list or a map.
    is_instance: bool,
    is_field_empty: bool,
    /// Stands between the path and the next segment.
    joint: &'static str,
    delimiter: &'static str,
}

impl<'b> Json<'b> {
    const fn new(bytes: &'b mut [u8]) -> Self {
        Self {
            bytes,
            used: 0,
            last: 0,
        }
    }

    const fn document(&mut self, spec: &Spec, prefix: &str) {
        let root = Outer {
            around: None,
            segment: prefix,
            is_whole: true,
            is_path_empty: prefix.is_empty(),
            field: "",
            is_instance: false,
            is_field_empty: true,
            joint: spec.after_prefix,
            delimiter: spec.joint(),
        };
        self.raw("{\"format\":");
        self.number(FORMAT);
        self.raw(",\"config\":");
        self.quoted(spec.ident);
        self.text("prefix", prefix);
        if let Some(delimiter) = spec.delimiter {
            self.text("after_prefix", spec.after_prefix);
            self.text("delimiter", delimiter);
        }
        if !spec.doc.is_empty() {
            self.text("doc", spec.doc);
        }
        self.key("variables");
        self.raw("[");
        self.variables(spec.items, &root, None);
        self.raw("]");
        self.key("rules");
        self.raw("[");
        self.rules(spec.items, &root);
        self.raw("]");
        self.key("removed");
        self.raw("[");
        self.removed(spec.items);
        self.raw("]");
        self.key("groups");
        self.raw("[");
        self.groups(spec.items, &root);
        self.raw("]");
        self.key("paths");
        self.raw("{");
        self.paths(spec.items, &root);
        self.raw("}}");
    }

    /// Writes the variables of a table, of which `switch` switches the group on.
    const fn variables(&mut self, items: &[Item], outer: &Outer<'_>, switch: Option<usize>) {
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
                Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => {
                    let switch = match item.presence {
                        Presence::When(index) => Some(index),
                        _ => None,
                    };
                    self.variables(spec.items, &group(item, &inner), switch);
                }
                Kind::Rule(_) | Kind::Removed(_) => {}
            }
            i += 1;
        }
    }

    const fn variable(&mut self, item: &Item, var: &Var, own: &Outer<'_>, is_switch: bool) {
        self.comma();
        self.raw("{\"name\":");
        self.path(own, "");
        self.key("field");
        self.field(own);
        self.key("type");
        self.raw("\"");
        self.column(&var.form());
        self.raw("\"");
        if let Name::Full(_) = item.name {
            self.key("whole_name");
            self.raw("true");
        }
        if var.form().is_custom() {
            self.key("custom");
            self.raw("true");
        }
        if let Some(phrase) = var.form().phrase() {
            self.text("expected", phrase);
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
        if let Some(key) = var.details.key {
            self.text("key", key);
        }
        if var.file {
            self.key("file");
            self.path(own, name::FILE);
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
    const fn composed_default(
        &mut self,
        item: &Item,
        var: &Var,
        items: &[Item],
        outer: &Outer<'_>,
    ) {
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
                    let (start, end) = if needs_braces(parts, i) {
                        ("${", "}")
                    } else {
                        ("$", "")
                    };
                    self.raw(start);
                    self.name(&inside(&items[index], outer));
                    self.raw(end);
                }
            }
            i += 1;
        }
        self.raw("\"");
    }

    /// Writes the rules of each table behind the rules of the groups in it.
    const fn rules(&mut self, items: &[Item], outer: &Outer<'_>) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            match &item.kind {
                Kind::Var(_) | Kind::Removed(_) => {}
                Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => {
                    let own = inside(item, outer);
                    self.rules(spec.items, &group(item, &own));
                }
                Kind::Rule(rule) => self.rule(*rule, items, outer),
            }
            i += 1;
        }
    }

    const fn rule(&mut self, rule: Rule, items: &[Item], outer: &Outer<'_>) {
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
                    self.path(&inside(&spec.items[index], &own), "");
                }
                (Kind::Group(spec), _) if spec.is_switched() => {
                    self.path(&inside(&spec.items[0], &own), "");
                }
                (Kind::Group(_) | Kind::List(_) | Kind::Map(_), _) => {
                    self.any(&own);
                }
                _ => self.path(&own, ""),
            }
            i += 1;
        }
        self.raw("]");
        self.key("fields");
        self.raw("[");
        let mut i = 0;
        while i < rule.members.len() {
            self.comma();
            let item = &items[rule.members[i]];
            self.field(&group(item, &inside(item, outer)));
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

    /// Writes the groups that may be absent, each with the condition under which it is read or
    /// required: optional groups, variants, and the groups of lists and maps.
    const fn groups(&mut self, items: &[Item], outer: &Outer<'_>) {
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
                    let inner = group(item, &inner);
                    self.any_set(&inner);
                    self.groups(spec.items, &inner);
                }
            }
            i += 1;
        }
    }

    const fn any_set(&mut self, group: &Outer<'_>) {
        self.comma();
        self.raw("{\"field\":");
        self.field(group);
        self.raw(",\"when\":{\"any_set\":");
        self.any(group);
        self.raw("}}");
    }

    /// Writes the beginning of the names of each group, by the fields that lead to the group.
    const fn paths(&mut self, items: &[Item], outer: &Outer<'_>) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            let own = inside(item, outer);
            if let Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) = &item.kind {
                let inner = group(item, &own);
                // A group beside its switch has no field of its own.
                if !item.field.is_empty() {
                    self.comma();
                    self.field(&inner);
                    self.raw(":");
                    self.path(&inner, "");
                }
                self.paths(spec.items, &inner);
            }
            i += 1;
        }
    }

    /// Writes the names of the variable that switches a group on.
    const fn if_set(&mut self, group: &Outer<'_>, spec: &Spec, index: usize) {
        self.comma();
        self.raw("{\"field\":");
        self.field(group);
        self.raw(",\"when\":{\"any_set\":[");
        let item = &spec.items[index];
        self.path(&inside(item, group), "");
        if let Kind::Var(var) = &item.kind {
            self.others(var, "");
            if var.file {
                self.comma();
                self.path(&inside(item, group), name::FILE);
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
            self.with_end(var.details.aliases[i], end);
            i += 1;
        }
        while k < var.details.deprecated.len() {
            self.comma();
            self.with_end(var.details.deprecated[k], end);
            k += 1;
        }
    }

    const fn chosen(&mut self, group: &Outer<'_>, selector: &Outer<'_>, word: &str) {
        self.comma();
        self.raw("{\"field\":");
        self.field(group);
        self.raw(",\"when\":{\"variable\":");
        self.path(selector, "");
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

    /// Writes a comma unless a list or an object just began.
    const fn comma(&mut self) {
        if !matches!(self.last, b'[' | b'{') {
            self.raw(",");
        }
    }

    /// Writes a path, and `end` behind it.
    const fn path(&mut self, own: &Outer<'_>, end: &str) {
        self.raw("\"");
        self.name(own);
        self.raw(end);
        self.raw("\"");
    }

    /// Writes the text for all names in a group: `APP_DB_*`.
    const fn any(&mut self, group: &Outer<'_>) {
        self.raw("\"");
        self.name(group);
        if !group.is_path_empty {
            self.raw(group.joint);
        }
        self.raw("*\"");
    }

    /// Writes a path without quotes.
    const fn name(&mut self, own: &Outer<'_>) {
        if let (Some(around), false) = (own.around, own.is_whole) {
            self.name(around);
            if !around.is_path_empty && !own.segment.is_empty() {
                self.raw(around.joint);
            }
        }
        self.escaped(own.segment.as_bytes());
    }

    /// Writes the fields that lead to a group or a variable.
    const fn field(&mut self, own: &Outer<'_>) {
        self.raw("\"");
        self.fields(own);
        self.raw("\"");
    }

    const fn fields(&mut self, own: &Outer<'_>) {
        if let Some(around) = own.around {
            self.fields(around);
            if own.is_instance {
                self.raw("[");
            } else if !around.is_field_empty && !own.field.is_empty() {
                self.raw(".");
            }
        }
        self.escaped(own.field.as_bytes());
        if own.is_instance {
            self.raw("]");
        }
    }

    const fn with_end(&mut self, name: &str, end: &str) {
        self.raw("\"");
        self.escaped(name.as_bytes());
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
        if self.used < self.bytes.len() {
            self.bytes[self.used] = byte;
        }
        self.used += 1;
        self.last = byte;
    }
}

/// Returns an item in a group.
const fn inside<'a>(item: &Item, outer: &'a Outer<'a>) -> Outer<'a> {
    let segment = item.segment();
    let is_whole = matches!(item.name, Name::Full(_));
    Outer {
        around: Some(outer),
        segment,
        is_whole,
        is_path_empty: segment.is_empty() && (is_whole || outer.is_path_empty),
        field: item.field,
        is_instance: false,
        is_field_empty: item.field.is_empty() && outer.is_field_empty,
        joint: if segment.is_empty() {
            outer.joint
        } else {
            outer.delimiter
        },
        delimiter: outer.delimiter,
    }
}

/// Returns the group that an item is, or the placeholder of the groups of a list or a map.
const fn group<'a>(item: &Item, own: &'a Outer<'a>) -> Outer<'a> {
    let segment = match item.kind {
        Kind::List(_) => name::ANY_NUMBER,
        Kind::Map(_) => name::ANY_KEY,
        _ => return *own,
    };
    Outer {
        around: Some(own),
        segment,
        is_whole: false,
        is_path_empty: false,
        field: segment,
        is_instance: true,
        is_field_empty: false,
        joint: own.delimiter,
        delimiter: own.delimiter,
    }
}
