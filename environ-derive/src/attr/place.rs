//! The items that an `#[env(...)]` may stand on.

/// The item that an `#[env(...)]` stands on.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// A struct that derives `EnvConfig`.
    Struct,
    /// A field of a `Struct`.
    Field,
    /// An enum that derives `EnvConfig`: a one-of group.
    OneOf,
    /// A variant of a `OneOf`.
    Choice,
    /// An enum that derives `EnvValue`.
    Words,
    /// A variant of `Words`.
    Word,
}

impl Place {
    pub(crate) const ALL: [Self; 6] = [
        Self::Struct,
        Self::Field,
        Self::OneOf,
        Self::Choice,
        Self::Words,
        Self::Word,
    ];

    /// Returns the name of the module in which an editor finds the keys of the place.
    pub(crate) fn module(self) -> &'static str {
        match self {
            Self::Struct => "of_struct",
            Self::Field => "of_field",
            Self::OneOf => "of_one_of",
            Self::Choice => "of_choice",
            Self::Words => "of_words",
            Self::Word => "of_word",
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Struct => "a config struct",
            Self::Field => "a field",
            Self::OneOf => "a one-of enum",
            Self::Choice => "a variant of a one-of enum",
            Self::Words => "an enum that derives `EnvValue`",
            Self::Word => "a variant of an enum that derives `EnvValue`",
        }
    }
}
