//! The words of `#[env(...)]`: where each may stand, and what follows it.

/// Where an `#[env(...)]` stands.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// On a struct that derives `EnvConfig`.
    Struct,
    /// On a field of such a struct.
    Field,
    /// On an enum that derives `EnvConfig`: a one-of group.
    OneOf,
    /// On a variant of such an enum.
    Choice,
    /// On an enum that derives `EnvValue`.
    Words,
    /// On a variant of such an enum.
    Word,
}

/// The form of what follows a key.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Nothing.
    Flag,
    /// `= "text"`
    Text,
    /// `= path`
    Path,
    /// `= literal`
    Literal,
    /// Nothing, or `= literal`.
    Default,
    /// `= 1..=64`
    Range,
}

macro_rules! keys {
    ($($key:ident $name:literal $shape:ident $repeats:literal [$($place:ident)*])*) => {
        /// A word that may stand in `#[env(...)]`.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum Key { $($key,)* }

        const KEYS: &[Key] = &[$(Key::$key,)*];

        impl Key {
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)* }
            }

            pub(crate) fn shape(self) -> Shape {
                match self { $(Self::$key => Shape::$shape,)* }
            }

            pub(crate) fn repeats(self) -> bool {
                match self { $(Self::$key => $repeats,)* }
            }

            fn places(self) -> &'static [Place] {
                match self { $(Self::$key => &[$(Place::$place),*],)* }
            }
        }
    };
}

keys! {
//  key        name          shape   repeats places
    Alias      "alias"       Text    true    [Field Choice Word]
    AllowEmpty "allow_empty" Flag    false   [Field]
    Bound      "bound"       Text    false   [Struct OneOf]
    Crate      "crate"       Path    false   [Struct OneOf Words]
    Default    "default"     Default false   [Field Choice]
    DefaultFn  "default_fn"  Path    false   [Field]
    Deprecated "deprecated"  Text    true    [Field]
    Example    "example"     Literal false   [Field]
    File       "file"        Flag    false   [Field]
    Flatten    "flatten"     Flag    false   [Field]
    Group      "group"       Flag    false   [Field]
    Help       "help"        Text    false   [Field]
    Json       "json"        Flag    false   [Field]
    Name       "name"        Text    false   [Field]
    NonEmpty   "non_empty"   Flag    false   [Field]
    Parse      "parse"       Path    false   [Field]
    Plain      "plain"       Flag    false   [Field]
    Prefix     "prefix"      Text    false   [Struct Field OneOf]
    Range      "range"       Range   false   [Field]
    Rename     "rename"      Text    false   [Choice Word]
    RenameAll  "rename_all"  Text    false   [OneOf Words]
    Secret     "secret"      Flag    false   [Field]
    Separator  "separator"   Text    false   [Field]
    Skip       "skip"        Flag    false   [Field]
    StoreAs    "key"         Text    false   [Field]
    Truthy     "truthy"      Flag    false   [Field]
    Validate   "validate"    Path    true    [Struct Field OneOf]
}

impl Key {
    pub(crate) fn at(place: Place) -> impl Iterator<Item = Self> {
        KEYS.iter()
            .copied()
            .filter(move |key| key.places().contains(&place))
    }
}

/// What is said of a word that is no key here.
pub(crate) fn unknown(place: Place, word: &str) -> String {
    if let Some(key) = KEYS.iter().find(|key| key.name() == word) {
        let here: Vec<_> = key.places().iter().map(|place| place.noun()).collect();
        return format!(
            "`{word}` has no meaning on {}; it belongs on {}",
            place.noun(),
            here.join(" or "),
        );
    }
    let near = Key::at(place)
        .map(|key| (distance(word, key.name()), key))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance);
    if let Some((_, key)) = near {
        return format!(
            "unknown `env` attribute `{word}`; did you mean `{}`?",
            key.name()
        );
    }
    let known: Vec<_> = Key::at(place).map(Key::name).collect();
    format!(
        "unknown `env` attribute `{word}`; on {} there are: `{}`",
        place.noun(),
        known.join("`, `"),
    )
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

/// The number of letters to insert, remove, replace or swap with a neighbour.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(one[i - 1] != other[j - 1]);
                let mut least = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[one.len()][other.len()]
}
