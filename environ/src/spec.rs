//! What a config type reads, as a constant: the one table behind loading,
//! errors and help.

use crate::name;
use crate::value::Form;

/// What one config type reads.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub(crate) ident: &'static str,
    pub(crate) prefix: Option<&'static str>,
    pub(crate) doc: &'static str,
    pub(crate) items: &'static [Item],
}

/// What one field reads: a variable, or another config type.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub(crate) field: &'static str,
    pub(crate) name: Name,
    pub(crate) presence: Presence,
    pub(crate) doc: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    /// Is joined to the path; an empty one adds nothing.
    Segment(&'static str),
    /// Is the whole name, as it was written.
    Full(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Text that is read as if the variable held it.
    Default(&'static str),
    /// The group of one variant, read when the selector is this word.
    Variant(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Var(Var),
    Group(&'static Spec),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Var {
    pub(crate) aliases: &'static [&'static str],
    pub(crate) form: Form,
    pub(crate) secret: bool,
    pub(crate) separator: &'static str,
}

#[expect(missing_docs, reason = "each sets what it is called after")]
impl Spec {
    #[must_use]
    pub const fn new(ident: &'static str, items: &'static [Item]) -> Self {
        Self {
            ident,
            prefix: None,
            doc: "",
            items,
        }
    }

    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// What all names of a root type begin with.
    pub(crate) const fn root(&self) -> &'static str {
        match self.prefix {
            Some(prefix) => prefix,
            None => name::DEFAULT_PREFIX,
        }
    }
}

impl Item {
    /// A variable whose name is `segment` after the path.
    #[must_use]
    pub const fn var(
        field: &'static str,
        segment: &'static str,
        form: Form,
        ty: &'static str,
    ) -> Self {
        Self::of_var(field, Name::Segment(segment), form.or_spelled(ty))
    }

    /// A variable whose name is `name`, wherever it stands.
    #[must_use]
    pub const fn named(
        field: &'static str,
        name: &'static str,
        form: Form,
        ty: &'static str,
    ) -> Self {
        Self::of_var(field, Name::Full(name), form.or_spelled(ty))
    }

    /// The variable that chooses a variant; its name is the group's own.
    #[must_use]
    pub const fn selector(words: &'static [&'static str]) -> Self {
        Self::of_var("", Name::Segment(""), Form::Words(words))
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

    const fn of_var(field: &'static str, name: Name, form: Form) -> Self {
        Self {
            field,
            name,
            presence: Presence::Required,
            doc: "",
            kind: Kind::Var(Var {
                aliases: &[],
                secret: form.is_secret(),
                form,
                separator: ",",
            }),
        }
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

    pub(crate) const fn segment(&self) -> &'static str {
        match self.name {
            Name::Segment(segment) | Name::Full(segment) => segment,
        }
    }

    /// What the field is for.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Other names, in the order in which they are asked for.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.aliases = aliases;
        }
        self
    }

    /// Marks a variable of a type that hides its value.
    #[must_use]
    pub const fn secret<T: crate::secret::Redacted>(self) -> Self {
        self.secret_plain()
    }

    /// Marks a variable of a type that the user vouches for.
    #[must_use]
    pub const fn secret_plain(mut self) -> Self {
        if let Kind::Var(var) = &mut self.kind {
            var.secret = true;
        }
        self
    }

    /// What stands between the elements of a list.
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
        }
        self
    }
}

impl Item {
    /// The item's name after `path`, which is left longer for it.
    pub(crate) fn full_name<'p>(&self, path: &'p mut String) -> &'p str {
        match self.name {
            Name::Segment(segment) => {
                name::push(path, segment);
                path
            }
            Name::Full(name) => name,
        }
    }
}

/// A variable with its full name.
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) item: &'static Item,
    pub(crate) var: &'static Var,
    pub(crate) when: Option<When>,
}

/// When a variable is read at all, or is required.
#[derive(Clone)]
pub(crate) enum When {
    /// If a variable that begins with this is set.
    AnySet(String),
    /// If this variable is this word.
    Chosen(String, &'static str),
}

impl Variable {
    /// All names that it is read under, its own first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = self.var.aliases.iter().copied();
        [self.name.as_str()].into_iter().chain(aliases)
    }
}

/// All names that a variable is read under, its own first.
pub(crate) fn names(item: &Item, var: &Var, path: &str) -> Vec<String> {
    let mut name = path.to_owned();
    let name = item.full_name(&mut name).to_owned();
    let aliases = var.aliases.iter().map(|alias| (*alias).to_owned());
    [name].into_iter().chain(aliases).collect()
}

/// All variables of `items`, in their order, with what is inside groups.
pub(crate) fn variables(items: &'static [Item], path: &str) -> Vec<Variable> {
    let mut all = Vec::new();
    collect(items, path, None, &mut all);
    all
}

fn collect(items: &'static [Item], path: &str, when: Option<&When>, all: &mut Vec<Variable>) {
    for item in items {
        let mut name = path.to_owned();
        let name = item.full_name(&mut name).to_owned();
        match &item.kind {
            Kind::Var(var) => all.push(Variable {
                name,
                item,
                var,
                when: when.cloned(),
            }),
            Kind::Group(spec) => {
                let inner = match item.presence {
                    Presence::Optional => Some(When::AnySet(name.clone())),
                    Presence::Variant(word) => Some(When::Chosen(path.to_owned(), word)),
                    Presence::Required | Presence::Default(_) => when.cloned(),
                };
                collect(spec.items, &name, inner.as_ref(), all);
            }
        }
    }
}
