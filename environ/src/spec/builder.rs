//! How generated code writes the table: constants, one call for each word at a field.

use super::{Item, Kind, Name, Presence, Spec, Var, SEPARATOR};
use crate::name::{Hash, UNDERSCORE};
use crate::value::{Form, RangeText};

#[expect(missing_docs, reason = "each sets what it is called after")]
impl Spec {
    #[must_use]
    pub const fn new(ident: &'static str, items: &'static [Item]) -> Self {
        let (mut names, mut may_be_linked, mut i) = (0, false, 0);
        while i < items.len() {
            names += items[i].names();
            may_be_linked = may_be_linked || items[i].may_be_linked();
            i += 1;
        }
        Self {
            ident,
            prefix: None,
            after_prefix: UNDERSCORE,
            delimiter: None,
            doc: "",
            items,
            names,
            may_be_linked,
        }
    }

    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    #[must_use]
    pub const fn delimiter(mut self, after_prefix: &'static str, delimiter: &'static str) -> Self {
        self.after_prefix = after_prefix;
        self.delimiter = Some(delimiter);
        self
    }

    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
}

impl Item {
    /// A variable whose name is `segment` after the path.
    #[must_use]
    pub const fn var(
        field: &'static str,
        segment: &'static str,
        form: Form,
        is_secret: bool,
        ty: &'static str,
    ) -> Self {
        Self::of_var(
            field,
            Name::Segment(segment),
            form.or_spelled(ty),
            is_secret,
        )
    }

    /// A variable whose name is `name`, wherever it stands.
    #[must_use]
    pub const fn named(
        field: &'static str,
        name: &'static str,
        form: Form,
        is_secret: bool,
        ty: &'static str,
    ) -> Self {
        Self::of_var(field, Name::Full(name), form.or_spelled(ty), is_secret)
    }

    /// The variable that chooses a variant; its name is the group's own.
    #[must_use]
    pub const fn selector(words: &'static [&'static str]) -> Self {
        Self::of_var("", Name::Segment(""), Form::words(words), false)
    }

    /// Sets the words of a selector that are read too, each with the word that it stands for.
    #[must_use]
    pub const fn word_aliases(mut self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.form = var.form.word_aliases(aliases);
        }
        self
    }

    /// A group under the type's own prefix, or else `segment`.
    #[must_use]
    pub const fn group(field: &'static str, segment: &'static str, spec: &'static Spec) -> Self {
        match spec.prefix {
            Some(prefix) if !prefix.is_empty() => Self::group_at(field, prefix, spec),
            _ => Self::group_at(field, segment, spec),
        }
    }

    /// A group under `segment`; an empty one adds nothing to the path.
    #[must_use]
    pub const fn group_at(field: &'static str, segment: &'static str, spec: &'static Spec) -> Self {
        Self {
            field,
            name: Name::Segment(segment),
            hash: Hash::of(segment),
            presence: Presence::Required,
            doc: spec.doc,
            kind: Kind::Group(spec),
        }
    }

    /// The group that is read when the selector is `word`.
    #[must_use]
    pub const fn variant(word: &'static str, segment: &'static str, spec: &'static Spec) -> Self {
        let mut item = Self::group(word, segment, spec);
        item.presence = Presence::Variant(word);
        item
    }

    /// A variant whose group adds nothing to the path.
    #[must_use]
    pub const fn flat_variant(word: &'static str, spec: &'static Spec) -> Self {
        let mut item = Self::group_at(word, "", spec);
        item.presence = Presence::Variant(word);
        item
    }

    /// A variable that no field reads any more, and the remedy.
    #[must_use]
    pub const fn removed(name: &'static str, remedy: &'static str) -> Self {
        let mut item = Self::selector(&[]);
        item.name = Name::Full(name);
        item.hash = Hash::of(name);
        item.kind = Kind::Removed(remedy);
        item
    }

    const fn of_var(field: &'static str, name: Name, form: Form, is_secret: bool) -> Self {
        let (Name::Segment(text) | Name::Full(text)) = name;
        // The macro cannot see which type a type parameter stands for; its form knows.
        let is_secret = is_secret || form.has_secret();
        Self {
            field,
            name,
            hash: Hash::of(text),
            presence: Presence::Required,
            doc: "",
            kind: Kind::Var(Var {
                form,
                separator: SEPARATOR,
                example: None,
                range: None,
                written_range: None,
                len: None,
                written_len: None,
                is_plain: !is_secret,
                aliases: &[],
                deprecated: &[],
                allow_empty: false,
                file: is_secret,
                secret: is_secret,
                key: None,
                live: false,
            }),
        }
    }

    /// The text is read otherwise than by the type. Still a secret if the type is.
    #[must_use]
    pub const fn reads(mut self, form: Form) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.form = form;
        }
        self
    }

    /// Several groups, numbered from 0.
    #[must_use]
    pub const fn list(mut self) -> Self {
        if let Kind::Group(spec) = self.kind {
            self.kind = Kind::List(spec);
        }
        self
    }

    /// Several groups, each with a name.
    #[must_use]
    pub const fn map(mut self) -> Self {
        if let Kind::Group(spec) = self.kind {
            self.kind = Kind::Map(spec);
        }
        self
    }

    /// Nothing need be there.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.presence = Presence::Optional;
        self
    }

    /// Is read as if the variable held `text`.
    #[must_use]
    pub const fn default(mut self, text: &'static str) -> Self {
        self.presence = Presence::Default(text);
        self
    }

    /// Sets the documentation of the field.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Other names, in the order in which they are asked for.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        if let Some(var) = self.not_plain() {
            var.aliases = aliases;
        }
        self
    }

    /// Names that it had once.
    #[must_use]
    pub const fn deprecated(mut self, deprecated: &'static [&'static str]) -> Self {
        if let Some(var) = self.not_plain() {
            var.deprecated = deprecated;
        }
        self
    }

    /// An empty text is a value.
    #[must_use]
    pub const fn allow_empty(mut self) -> Self {
        if let Some(var) = self.not_plain() {
            var.allow_empty = true;
        }
        self
    }

    /// Another variable may name a file that holds the text.
    #[must_use]
    pub const fn file(mut self) -> Self {
        if let Some(var) = self.not_plain() {
            var.file = true;
        }
        self
    }

    /// Marks a variable of a type that the user vouches for.
    #[must_use]
    pub const fn secret_plain(mut self) -> Self {
        if let Some(var) = self.not_plain() {
            var.secret = true;
            var.file = true;
        }
        self
    }

    /// Sets the key in stores.
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        if let Some(var) = self.not_plain() {
            var.key = Some(key);
        }
        self
    }

    /// The value is replaced while the program runs.
    #[must_use]
    pub const fn live(mut self) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.live = true;
        }
        self
    }

    const fn not_plain(&mut self) -> Option<&mut Var> {
        match &mut self.kind {
            Kind::Var(var) => {
                var.is_plain = false;
                Some(var)
            }
            Kind::Group(_) | Kind::List(_) | Kind::Map(_) | Kind::Rule(_) | Kind::Removed(_) => {
                None
            }
        }
    }

    /// A text that is a value, for documentation.
    #[must_use]
    pub const fn example(mut self, text: &'static str) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.example = Some(text);
        }
        self
    }

    /// The range that the value must be in, for documentation.
    #[must_use]
    pub const fn range(mut self, range: fn() -> RangeText, written: &'static str) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.range = Some(range);
            var.written_range = Some(written);
        }
        self
    }

    /// The length that the value must have, for documentation.
    #[must_use]
    pub const fn len(mut self, len: fn() -> RangeText, written: &'static str) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.len = Some(len);
            var.written_len = Some(written);
        }
        self
    }

    /// Sets the words for the text.
    #[must_use]
    pub const fn expected(mut self, phrase: &'static str) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.form = var.form.expected(phrase);
        }
        self
    }

    /// Sets the separator of the elements of a list.
    ///
    /// # Panics
    ///
    /// While compiling, where the value is known not to be a list.
    #[must_use]
    #[track_caller]
    pub const fn separator(mut self, separator: &'static str) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            assert!(
                var.form.may_be_list(),
                "`separator` has no effect on a value that is not a list; remove it"
            );
            var.separator = separator;
            var.is_plain = false;
        }
        self
    }

    /// How many names it has, those of files included.
    const fn names(&self) -> usize {
        match &self.kind {
            Kind::Var(var) => {
                let names = 1 + var.aliases.len() + var.deprecated.len();
                names * (1 + var.file as usize)
            }
            Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => spec.names,
            Kind::Rule(_) | Kind::Removed(_) => 0,
        }
    }

    /// Returns whether a variable may be called as a variable that Kubernetes sets for a
    /// Service.
    pub(crate) const fn may_be_linked(&self) -> bool {
        is_in_links(self.segment())
            || match &self.kind {
                Kind::Var(var) => any_is_in_links(var.aliases) || any_is_in_links(var.deprecated),
                Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => spec.may_be_linked,
                Kind::Rule(_) | Kind::Removed(_) => false,
            }
    }
}

const fn any_is_in_links(names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if is_in_links(names[i]) {
            return true;
        }
        i += 1;
    }
    false
}

/// Returns whether a part of a name contains `PORT` or the beginning of `SERVICE`. Each link
/// has either of them in its name.
const fn is_in_links(part: &str) -> bool {
    let (bytes, mut i) = (part.as_bytes(), 0);
    while i + 3 < bytes.len() {
        match (bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]) {
            (b'P', b'O', b'R', b'T') | (b'S', b'E', b'R', b'V') => return true,
            _ => i += 1,
        }
    }
    false
}
