//! The table of keys that `#[env(...)]` takes: for each its word, its value, the places
//! where it may stand, and its documentation.
//!
//! A new key is a row here, a field of the model, a function in `lower/` that fills the
//! field, and its tokens in `expand/`; `lower/rules.rs` says which keys go together.

use super::place::Place;
use super::value::Shape;
use super::{foreign, near};

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

            /// Returns the documentation, in a line.
            fn doc(self) -> &'static str {
                match self { $(Self::$key => $doc,)* }
            }
        }
    };
}

keys! {
//  key        name          shape   repeats places               documentation, at most 90 characters
    Alias      "alias"       Text    true    [Field Choice Word]  "Another full name of the variable, or another word of the variant"
    AllOrNone  "all_or_none" Fields  true    [Struct]             "Fields that are set together or not at all"
    AllowEmpty "allow_empty" Flag    false   [Field]              "Counts an empty variable as set"
    AtLeastOneOf "at_least_one_of" Fields true [Struct]           "Fields of which one or more must be set"
    AtMostOneOf "at_most_one_of" Fields true [Struct]             "Fields of which no two may be set"
    Bound      "bound"       Text    false   [Struct OneOf]       "Predicates of the `where` clause, instead of a bound for each type parameter"
    Conflicts  "conflicts"   Fields  true    [Field]              "Fields that must not be set beside this field"
    Crate      "crate"       Path    false   [Struct OneOf Words] "Path of the crate `environ`, if not `::environ`"
    Default    "default"     Default false   [Field Choice]       "Text that is read if the variable is unset; without a value, the type's `Default`"
    DefaultFn  "default_fn"  Call    false   [Field]              "Function that returns the value if the variable is unset, from fields before it"
    DefaultFrom "default_from" Text  false   [Field]              "Text that is read if the variable is unset, with `{field}` for a field before it"
    Defaults   "defaults"    Pairs   false   [Field]              "Defaults of fields of the group, instead of their own"
    Delimiter  "delimiter"   Text    false   [Struct OneOf]       "Underscores after the segment of each group, such as `__`, instead of `_`"
    Deprecated "deprecated"  Text    true    [Field]              "Former full name of the variable: still read, with a warning"
    Example    "example"     Literal false   [Field]              "Value in the generated example, checked like a default"
    Expected   "expected"    Text    false   [Field]              "Noun with its article for the text that is read, such as `a cron schedule`"
    File       "file"        Flag    false   [Struct Field]              "Lets `NAME_FILE` name a file that holds the text"
    Flatten    "flatten"     Flag    false   [Field Choice]       "Adds no segment to the names in the group"
    Group      "group"       Flag    false   [Field]              "Reads a nested config type, or an `Option`, `Vec` or map of that type"
    Help       "help"        Text    false   [Field]              "Description in help, instead of the first paragraph of the doc comment"
    Json       "json"        Flag    false   [Field]              "Reads the text as JSON, with serde"
    StoreAs    "key"         Text    false   [Field]              "Name of the secret in stores, instead of its path"
    Len        "len"         Range   false   [Field]              "Range of the number of characters or elements"
    Live       "live"        Flag    false   [Field]              "Makes the value of a `Live<T>` replaceable while the program runs"
    Name       "name"        Text    false   [Field]              "Full name of the variable, without the prefix"
    NonEmpty   "non_empty"   Flag    false   [Field]              "Rejects text of white space, an empty list, and a list or map without groups"
    OneOf      "one_of"      Fields  true    [Struct]             "Fields of which exactly one must be set"
    Parse      "parse"       Path    false   [Field]              "Function that reads the text: `fn(&str) -> Result<T, impl Display>`"
    Plain      "plain"       Flag    false   [Field]              "Accepts a secret of any type, because you vouch that its `Debug` hides the value"
    Prefix     "prefix"      Text    false   [Struct Field OneOf] "Start of all names of the type, or the segment that the group adds"
    Present    "present"     Flag    false   [Field]              "Reads whether the variable is there, whatever its text is"
    Range      "range"       Range   false   [Field]              "Range of the accepted values, of constants or of texts"
    Removed    "removed"     Texts   true    [Struct]             "Name of a variable that is no longer read, and the remedy: a warning"
    Rename     "rename"      Text    false   [Choice Word]        "Word of the variant, instead of the variant's name"
    RenameAll  "rename_all"  Text    false   [OneOf Words]        "Spelling of all words: `kebab-case` by default, or `snake_case`, `UPPERCASE`, ..."
    Requires   "requires"    Fields  true    [Field]              "Fields that must be set if this field is set"
    Secret     "secret"      Flag    false   [Field]              "Hides the value in all output, and reads it from stores and files too"
    Selector   "selector"    Text    false   [Field]              "Segment of the variable that selects a variant of the group"
    Separator  "separator"   Text    false   [Field]              "Text between the elements of a list, instead of `,`"
    Skip       "skip"        Flag    false   [Field]              "Reads no variable: the value is the type's `Default`"
    Switch     "switch"      Text    false   [Field]              "Segment of a bool variable that switches the optional group on"
    Truthy     "truthy"      Flag    false   [Field]              "Reads a bool like environ-config: `true`, `yes` and `1` are true, everything else is false"
    Unit       "unit"        Text    false   [Field]              "Unit of a number without a unit: `ms`, `s`, `m`, `h` or `d`"
    Validate   "validate"    Path    true    [Struct Field OneOf] "Function that rejects a value: `fn(&T) -> Result<(), impl Display>`"
    When       "when"        Text    false   [Field]              "Field of the optional group that alone switches the group on"
}

impl Key {
    /// Returns the keys that may stand in a place, each with its name and its documentation.
    pub(crate) fn of(place: Place) -> impl Iterator<Item = (&'static str, &'static str)> {
        let keys = KEYS.iter().filter(move |key| key.places().contains(&place));
        keys.map(|key| (key.name(), key.doc()))
    }

    /// Returns the key that `word` names on `place`, or the message for the mistake, which
    /// repeats the literal that is the word's value.
    pub(super) fn find(place: Place, word: &str, value: Option<&str>) -> Result<Self, String> {
        let key = KEYS.iter().find(|key| key.name() == word);
        if let Some(key) = key.filter(|key| key.places().contains(&place)) {
            return Ok(*key);
        }
        let remedy = foreign::remedy(place, word);
        let remedy = remedy.map(|remedy| remedy.replace("{}", value.unwrap_or("\"...\"")));
        Err(match (key, remedy) {
            (Some(key), Some(remedy)) => meaningless(place, *key, &remedy),
            (Some(key), None) => misplaced(place, *key),
            (None, Some(remedy)) => format!("unknown `env` attribute `{word}`; {remedy}"),
            (None, None) => unknown(place, word),
        })
    }
}

fn misplaced(place: Place, key: Key) -> String {
    let places: Vec<_> = key.places().iter().map(|place| place.noun()).collect();
    meaningless(
        place,
        key,
        &format!("it belongs on {}", places.join(" or ")),
    )
}

fn meaningless(place: Place, key: Key, remedy: &str) -> String {
    let (key, place) = (key.name(), place.noun());
    format!("`{key}` has no meaning on {place}; {remedy}")
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
    use super::super::foreign;
    use super::{Key, Place, KEYS};

    #[test]
    fn the_table_is_sorted_and_names_no_key_twice() {
        let names: Vec<_> = KEYS.iter().map(|key| key.name()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
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
        assert_eq!(Key::find(Place::Field, "name", None), Ok(Key::Name));
        assert_eq!(
            Key::find(Place::Word, "range", None),
            Err(
                "`range` has no meaning on a variant of an enum that derives `EnvValue`; \
                 it belongs on a field"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_word_of_another_crate_is_answered_with_ours_and_its_value() {
        let find = |place, word, value| Key::find(place, word, value).unwrap_err();
        assert_eq!(
            find(Place::Field, "default_value", Some("\"8000\"")),
            "unknown `env` attribute `default_value`; write `default = \"8000\"`"
        );
        assert_eq!(
            find(Place::Field, "nested", None),
            "unknown `env` attribute `nested`; write `group`"
        );
        assert_eq!(
            find(Place::Word, "name", Some("\"off\"")),
            "`name` has no meaning on a variant of an enum that derives `EnvValue`; \
             write `rename = \"off\"`"
        );
    }

    #[test]
    fn a_near_miss_is_sought_among_the_keys_of_the_place() {
        assert_eq!(
            Key::find(Place::Field, "rname", None),
            Err("unknown `env` attribute `rname`; did you mean `name`?".to_owned())
        );
        assert_eq!(
            Key::find(Place::Word, "rname", None),
            Err("unknown `env` attribute `rname`; did you mean `rename`?".to_owned())
        );
    }

    #[test]
    fn a_word_far_from_any_key_is_answered_with_all_keys_of_the_place() {
        assert_eq!(
            Key::find(Place::Word, "colour", None),
            Err(
                "unknown `env` attribute `colour`; on a variant of an enum that derives \
                 `EnvValue` there are: `alias`, `rename`"
                    .to_owned()
            )
        );
    }

    /// "write `x`" names a key that is there.
    #[test]
    fn the_remedy_for_a_word_of_another_crate_is_a_key_of_the_place() {
        for (place, rows) in foreign::TABLES {
            for (words, remedy) in rows {
                let Some((_, rest)) = remedy.split_once("write `") else {
                    continue;
                };
                let key = rest.split(['`', ' ', '(']).next().unwrap();
                if !key.starts_with('#') {
                    assert!(Key::find(place, key, None).is_ok(), "{words:?}: {remedy}");
                }
            }
        }
    }
}
