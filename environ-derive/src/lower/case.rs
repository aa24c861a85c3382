//! Spells the name of a variant as a word: `HttpProxy` as `http-proxy`.

use crate::attr::{Attrs, Key, Value};
use crate::ctxt::Ctxt;

/// A way to join the parts of a name.
#[derive(Clone, Copy)]
pub(super) struct Case {
    name: &'static str,
    separator: &'static str,
    is_upper: bool,
}

/// The values of `rename_all`, the default first. `camelCase` and `PascalCase` are not
/// there: words match in any letter case, so both would be `lowercase`. An upper-case
/// word shows in help and errors only.
const CASES: &[Case] = &[
    case("kebab-case", "-", false),
    case("snake_case", "_", false),
    case("lowercase", "", false),
    case("SCREAMING_SNAKE_CASE", "_", true),
    case("UPPERCASE", "", true),
];

const fn case(name: &'static str, separator: &'static str, is_upper: bool) -> Case {
    Case {
        name,
        separator,
        is_upper,
    }
}

impl Case {
    /// Returns the case that `rename_all` names, or `kebab-case`.
    pub(super) fn of(ctxt: &Ctxt, attrs: &Attrs) -> Self {
        let Some(wanted) = attrs.value(Key::RenameAll, Value::text) else {
            return CASES[0];
        };
        let known = CASES.iter().find(|case| case.name == wanted.value());
        known.copied().unwrap_or_else(|| {
            let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
            ctxt.error(
                wanted,
                format_args!("unknown case; there are: {}", names.join(", ")),
            );
            CASES[0]
        })
    }

    pub(super) fn spell(self, variant: &str) -> String {
        // As serde has it: where nothing joins the parts, only the letter case changes.
        let word = match self.separator {
            "" => variant.to_owned(),
            separator => parts(variant).join(separator),
        };
        if self.is_upper {
            word.to_uppercase()
        } else {
            word.to_lowercase()
        }
    }
}

/// Splits `HttpProxy2` into `Http`, `Proxy2`; `HTTPProxy` and `HTTP_Proxy` into `HTTP`,
/// `Proxy`.
fn parts(variant: &str) -> Vec<&str> {
    variant
        .split('_')
        .filter(|part| !part.is_empty())
        .flat_map(parts_by_case)
        .collect()
}

fn parts_by_case(variant: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = variant.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 1..letters.len() {
        let (at, letter) = letters[i];
        let before = letters[i - 1].1;
        let after_is_lower = letters.get(i + 1).is_some_and(|next| next.1.is_lowercase());
        if letter.is_uppercase() && (!before.is_uppercase() || after_is_lower) {
            parts.push(&variant[start..at]);
            start = at;
        }
    }
    parts.push(&variant[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::{parts, CASES};

    #[test]
    fn a_name_is_split_before_each_part() {
        for (name, expected) in [
            ("Off", &["Off"][..]),
            ("HttpProxy2", &["Http", "Proxy2"]),
            ("HTTPProxy", &["HTTP", "Proxy"]),
            ("ProxyOfHTTP", &["Proxy", "Of", "HTTP"]),
            ("Foo_Bar", &["Foo", "Bar"]),
            ("_HTTP__Proxy_", &["HTTP", "Proxy"]),
            ("V2Beta", &["V2", "Beta"]),
            ("X86_64", &["X86", "64"]),
            ("ÄrgerÜber", &["Ärger", "Über"]),
        ] {
            assert_eq!(parts(name), expected);
        }
    }

    #[test]
    fn every_case_spells_a_name_its_own_way() {
        let words: Vec<_> = CASES.iter().map(|case| case.spell("SameSite")).collect();
        let expected = [
            "same-site",
            "same_site",
            "samesite",
            "SAME_SITE",
            "SAMESITE",
        ];
        assert_eq!(words, expected);
        let words: Vec<_> = CASES.iter().map(|case| case.spell("Same_Site")).collect();
        let expected = [
            "same-site",
            "same_site",
            "same_site",
            "SAME_SITE",
            "SAME_SITE",
        ];
        assert_eq!(words, expected);
    }
}
