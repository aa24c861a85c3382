//! The table of keys that `#[env(...)]` takes: for each its word, its value, the places
//! where it may stand, and its documentation.
//!
//! A new key is a row here, a field of the model, a function in `lower/` that fills the
//! field, and its tokens in `expand/`; `lower/rules.rs` says which keys go together.

use super::near;
use super::value::Shape;

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
    fn noun(self) -> &'static str {
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

macro_rules! keys {
    ($(
        $key:ident $name:literal $shape:ident $repeats:literal [$($place:ident)*] $doc:literal
    )*) => {
        /// A key of `#[env(...)]`.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum Key { $(#[doc = $doc] $key,)* }

        const KEYS: &[Key] = &[$(Key::$key,)*];

        impl Key {
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)* }
            }

            pub(super) fn shape(self) -> Shape {
                match self { $(Self::$key => Shape::$shape,)* }
            }

            /// Returns whether the key may be given several times.
            pub(super) fn repeats(self) -> bool {
                match self { $(Self::$key => $repeats,)* }
            }

            fn places(self) -> &'static [Place] {
                match self { $(Self::$key => &[$(Place::$place),*],)* }
            }

            #[cfg(test)]
            fn doc(self) -> &'static str {
                match self { $(Self::$key => $doc,)* }
            }
        }
    };
}

keys! {
//  key        name          shape   repeats places               documentation, at most 90 characters
    Alias      "alias"       Text    true    [Field Choice Word]  "Another full name of the variable, or another word of the variant"
    AllowEmpty "allow_empty" Flag    false   [Field]              "Counts an empty variable as set"
    Bound      "bound"       Text    false   [Struct OneOf]       "Predicates of the `where` clause, instead of a bound for each type parameter"
    Crate      "crate"       Path    false   [Struct OneOf Words] "Path of the crate `environ`, if not `::environ`"
    Default    "default"     Default false   [Field Choice]       "Text that is read if the variable is unset; without a value, the type's `Default`"
    DefaultFn  "default_fn"  Path    false   [Field]              "Function that returns the value if the variable is unset"
    Deprecated "deprecated"  Text    true    [Field]              "Former full name of the variable: still read, with a warning"
    Example    "example"     Literal false   [Field]              "Value in the generated example, checked like a default"
    File       "file"        Flag    false   [Field]              "Lets `NAME_FILE` name a file that holds the text"
    Flatten    "flatten"     Flag    false   [Field]              "Adds no segment to the names in the group"
    Group      "group"       Flag    false   [Field]              "Reads a nested config type, or an `Option`, `Vec` or map of that type"
    Help       "help"        Text    false   [Field]              "Description in help, instead of the first paragraph of the doc comment"
    Json       "json"        Flag    false   [Field]              "Reads the text as JSON, with serde"
    Name       "name"        Text    false   [Field]              "Full name of the variable, without the prefix"
    NonEmpty   "non_empty"   Flag    false   [Field]              "Rejects text of white space, an empty list, and a list or map without groups"
    Parse      "parse"       Path    false   [Field]              "Function that reads the text: `fn(&str) -> Result<T, impl Display>`"
    Plain      "plain"       Flag    false   [Field]              "Accepts a secret of any type, because you vouch that its `Debug` hides the value"
    Prefix     "prefix"      Text    false   [Struct Field OneOf] "Start of all names of the type, or the segment that the group adds"
    Range      "range"       Range   false   [Field]              "Range of the accepted values"
    Rename     "rename"      Text    false   [Choice Word]        "Word of the variant, instead of the variant's name"
    RenameAll  "rename_all"  Text    false   [OneOf Words]        "Spelling of all words: `kebab-case` by default, or `snake_case`, `UPPERCASE`, ..."
    Secret     "secret"      Flag    false   [Field]              "Hides the value in all output, and reads it from stores and files too"
    Separator  "separator"   Text    false   [Field]              "Text between the elements of a list, instead of `,`"
    Skip       "skip"        Flag    false   [Field]              "Reads no variable: the value is the type's `Default`"
    StoreAs    "key"         Text    false   [Field]              "Name of the secret in stores, instead of its path"
    Truthy     "truthy"      Flag    false   [Field]              "Reads a bool like environ-config: `true`, `yes` and `1` are true, any text is false"
    Validate   "validate"    Path    true    [Struct Field OneOf] "Function that rejects a value: `fn(&T) -> Result<(), impl Display>`"
}

impl Key {
    /// Returns the key that `word` names on `place`, or the message for the mistake.
    pub(super) fn find(place: Place, word: &str) -> Result<Self, String> {
        match KEYS.iter().find(|key| key.name() == word) {
            Some(key) if key.places().contains(&place) => Ok(*key),
            Some(key) => Err(misplaced(place, *key)),
            None => Err(unknown(place, word)),
        }
    }
}

fn misplaced(place: Place, key: Key) -> String {
    let places: Vec<_> = key.places().iter().map(|place| place.noun()).collect();
    format!(
        "`{}` has no meaning on {}; it belongs on {}",
        key.name(),
        place.noun(),
        places.join(" or "),
    )
}

fn unknown(place: Place, word: &str) -> String {
    let names = || {
        let keys = KEYS.iter().filter(|key| key.places().contains(&place));
        keys.map(|key| key.name())
    };
    match near::nearest(word, names()) {
        Some(near) => format!("unknown `env` attribute `{word}`; did you mean `{near}`?"),
        None => format!(
            "unknown `env` attribute `{word}`; on {} there are: `{}`",
            place.noun(),
            names().collect::<Vec<_>>().join("`, `"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Place, KEYS};

    #[test]
    fn the_table_is_sorted_and_names_no_key_twice() {
        // `key` alone stands under its variant's name.
        let names = KEYS.iter().filter(|key| **key != Key::StoreAs);
        let names: Vec<_> = names.map(|key| key.name()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        assert!(!names.contains(&Key::StoreAs.name()));
    }

    #[test]
    fn every_key_is_documented_in_a_line_of_at_most_90_characters() {
        for key in KEYS {
            let doc = key.doc();
            assert!((10..=90).contains(&doc.chars().count()), "{key:?}: {doc}");
            assert!(!doc.ends_with('.') || doc.ends_with("..."), "{key:?}");
        }
    }

    #[test]
    fn a_key_is_found_in_its_places_only() {
        assert_eq!(Key::find(Place::Field, "name"), Ok(Key::Name));
        assert_eq!(
            Key::find(Place::Word, "name"),
            Err(
                "`name` has no meaning on a variant of an enum that derives `EnvValue`; \
                 it belongs on a field"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_near_miss_is_sought_among_the_keys_of_the_place() {
        assert_eq!(
            Key::find(Place::Field, "rname"),
            Err("unknown `env` attribute `rname`; did you mean `name`?".to_owned())
        );
        assert_eq!(
            Key::find(Place::Word, "rname"),
            Err("unknown `env` attribute `rname`; did you mean `rename`?".to_owned())
        );
    }

    #[test]
    fn a_word_far_from_any_key_is_answered_with_all_keys_of_the_place() {
        assert_eq!(
            Key::find(Place::Word, "colour"),
            Err(
                "unknown `env` attribute `colour`; on a variant of an enum that derives \
                 `EnvValue` there are: `alias`, `rename`"
                    .to_owned()
            )
        );
    }
}
