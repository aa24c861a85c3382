//! How generated code writes the table: constants, one call for each word at a field.

use super::{Details, Item, Kind, Name, Presence, Spec, Var};
use crate::name::{is_same, Hash, UNDERSCORE};
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
        form: &'static Form,
        is_secret: bool,
        ty: &'static str,
    ) -> Self {
        Self::of_var(field, Name::Segment(segment), form, is_secret, ty)
    }

    /// A variable whose name is `name`, wherever it stands.
    #[must_use]
    pub const fn named(
        field: &'static str,
        name: &'static str,
        form: &'static Form,
        is_secret: bool,
        ty: &'static str,
    ) -> Self {
        Self::of_var(field, Name::Full(name), form, is_secret, ty)
    }

    /// The variable that chooses a variant; its name is the group's own.
    #[must_use]
    pub const fn selector(words: &'static Form) -> Self {
        Self::of_var("", Name::Segment(""), words, false, "")
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
        let mut item = Self::selector(&Form::WORDLESS);
        item.name = Name::Full(name);
        item.hash = Hash::of(name);
        item.kind = Kind::Removed(remedy);
        item
    }

    const fn of_var(
        field: &'static str,
        name: Name,
        form: &'static Form,
        is_secret: bool,
        ty: &'static str,
    ) -> Self {
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
                is_plain: !is_secret,
                allow_empty: false,
                file: is_secret,
                secret: is_secret,
                live: false,
                form,
                ty,
                details: &Details::NONE,
            }),
        }
    }

    /// The text is read otherwise than by the type. Still a secret if the type is.
    #[must_use]
    pub const fn reads(mut self, form: &'static Form) -> Self {
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

    /// Sets the properties that few variables have.
    ///
    /// # Panics
    ///
    /// While compiling, if there is a separator, and the value is known not to be a list, or is a
    /// map whose pairs contain the separator.
    #[must_use]
    #[track_caller]
    pub const fn details(mut self, details: &'static Details) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            assert!(
                details.separator.is_none() || var.form.may_be_list(),
                "`separator` has no effect on a value that is not a list; remove it"
            );
            if let Some(separator) = details.separator {
                assert!(
                    !is_same(separator.as_bytes(), b"=") || !var.form.has_pairs(),
                    "a pair of a map is `key=value`, so that `=` cannot separate pairs; \
                     write another `separator`"
                );
            }
            var.is_plain = var.is_plain && details.are_plain();
            var.details = details;
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

    /// How many names it has, those of files included.
    const fn names(&self) -> usize {
        match &self.kind {
            Kind::Var(var) => {
                let names = 1 + var.details.aliases.len() + var.details.deprecated.len();
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
                Kind::Var(var) => {
                    any_is_in_links(var.details.aliases) || any_is_in_links(var.details.deprecated)
                }
                Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => spec.may_be_linked,
                Kind::Rule(_) | Kind::Removed(_) => false,
            }
    }
}

#[expect(missing_docs, reason = "each sets what it is called after")]
impl Details {
    /// Those of most variables.
    pub const NONE: Self = Self {
        separator: None,
        expected: None,
        example: None,
        range: None,
        written_range: None,
        len: None,
        written_len: None,
        aliases: &[],
        deprecated: &[],
        key: None,
    };

    #[must_use]
    pub const fn separator(mut self, separator: &'static str) -> Self {
        self.separator = Some(separator);
        self
    }

    #[must_use]
    pub const fn expected(mut self, phrase: &'static str) -> Self {
        self.expected = Some(phrase);
        self
    }

    #[must_use]
    pub const fn example(mut self, text: &'static str) -> Self {
        self.example = Some(text);
        self
    }

    #[must_use]
    pub const fn range(mut self, range: fn() -> RangeText, written: &'static str) -> Self {
        self.range = Some(range);
        self.written_range = Some(written);
        self
    }

    #[must_use]
    pub const fn len(mut self, len: fn() -> RangeText, written: &'static str) -> Self {
        self.len = Some(len);
        self.written_len = Some(written);
        self
    }

    /// Other names, in the order in which they are asked for.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Names that it had once.
    #[must_use]
    pub const fn deprecated(mut self, deprecated: &'static [&'static str]) -> Self {
        self.deprecated = deprecated;
        self
    }

    /// The key in stores.
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Whether a variable with them is read by one look-up of its own name.
    const fn are_plain(&self) -> bool {
        self.separator.is_none()
            && self.aliases.is_empty()
            && self.deprecated.is_empty()
            && self.key.is_none()
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
