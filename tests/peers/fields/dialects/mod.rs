//! How each way spells the same structs.

mod by_hand;
mod clap;
mod conf;
mod config;
mod confique;
mod envconfig;
mod environ;
mod envy;
mod figment;
mod procenv;
mod serde;

/// The code around the fields.
pub(crate) struct Dialect {
    /// Before everything.
    pub(crate) head: &'static str,
    /// Above the struct of a group, and above the root's.
    pub(crate) group: &'static str,
    pub(crate) root: &'static str,
    /// Above a field of a group.
    pub(crate) field: fn(group: &str, &Field) -> String,
    /// Above a field of the root, which is a group.
    pub(crate) nested: fn(group: &str) -> String,
    /// The code after a struct.
    pub(crate) after_group: fn(group: &str, &[Field]) -> String,
    pub(crate) after_root: fn(groups: &[String]) -> String,
    /// The expression that loads the root.
    pub(crate) load: &'static str,
}

/// The defaults of a dialect.
const PLAIN: Dialect = Dialect {
    head: "",
    group: "",
    root: "",
    field: |_, _| String::new(),
    nested: |_| String::new(),
    after_group: |_, _| String::new(),
    after_root: |_| String::new(),
    load: "",
};

pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) ty: &'static str,
    pub(crate) presence: Presence,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Presence {
    Required,
    Optional,
    Default(&'static str),
}

impl Field {
    pub(crate) const fn new(name: &'static str, ty: &'static str, presence: Presence) -> Self {
        Self { name, ty, presence }
    }

    pub(crate) fn full_type(&self) -> String {
        match self.presence {
            Presence::Optional => format!("Option<{}>", self.ty),
            _ => self.ty.to_owned(),
        }
    }

    /// The variable that fills it.
    pub(crate) fn variable(&self, group: &str) -> String {
        format!("APP_{group}_{}", self.name.to_uppercase())
    }
}

/// By the feature that turns each on.
pub(crate) const ALL: [(&str, Dialect); 10] = [
    ("BY_HAND", by_hand::DIALECT),
    ("CLAP", clap::DIALECT),
    ("CONF", conf::DIALECT),
    ("CONFIG", config::DIALECT),
    ("CONFIQUE", confique::DIALECT),
    ("ENVCONFIG", envconfig::DIALECT),
    ("ENVIRON", environ::DIALECT),
    ("ENVY", envy::DIALECT),
    ("FIGMENT", figment::DIALECT),
    ("PROCENV", procenv::DIALECT),
];
