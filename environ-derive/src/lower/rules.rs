//! Reports keys that need, contradict or rule out each other.

use crate::attr::{Attrs, Key};
use crate::ctxt::Ctxt;

/// Keys that have an effect only beside a second key, and the remedy.
const NEEDS: &[(Key, Key, &str)] = &[
    (Key::Flatten, Key::Group, "write `#[env(group, flatten)]`"),
    (
        Key::Prefix,
        Key::Group,
        "write `#[env(group, prefix = \"...\")]`, or `name` for one variable",
    ),
    (
        Key::Selector,
        Key::Group,
        "write `#[env(group, selector = \"...\")]`",
    ),
    (
        Key::Switch,
        Key::Group,
        "write `#[env(group, switch = \"...\")]`",
    ),
    (
        Key::When,
        Key::Group,
        "write `#[env(group, when = \"...\")]`",
    ),
    (
        Key::Defaults,
        Key::Group,
        "write `#[env(group, defaults(...))]`, or `default` for one variable",
    ),
    (Key::Plain, Key::Secret, "write `#[env(secret, plain)]`"),
    (
        Key::StoreAs,
        Key::Secret,
        "stores hold secrets only; for a variable's name write `name`",
    ),
];

/// Keys that contradict each other, and the remedy. The first is underlined.
const CONFLICTS: &[(Key, Key, &str)] = &[
    (Key::DefaultFn, Key::Default, "remove one of them"),
    (Key::DefaultFrom, Key::Default, "remove one of them"),
    (Key::DefaultFrom, Key::DefaultFn, "remove one of them"),
    (Key::Present, Key::Default, "unset is false; remove it"),
    (Key::Present, Key::DefaultFn, "unset is false; remove it"),
    (Key::Present, Key::DefaultFrom, "unset is false; remove it"),
    (
        Key::Present,
        Key::Parse,
        "no text is read; remove one of them",
    ),
    (
        Key::Present,
        Key::Json,
        "no text is read; remove one of them",
    ),
    (
        Key::Present,
        Key::Truthy,
        "no text is read; remove one of them",
    ),
    (
        Key::Present,
        Key::Separator,
        "no text is read; remove one of them",
    ),
    (
        Key::Present,
        Key::Secret,
        "a secret is more than there; remove one of them",
    ),
    (
        Key::Range,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (
        Key::Len,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (
        Key::NonEmpty,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (
        Key::Validate,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (
        Key::AllowEmpty,
        Key::Present,
        "an empty variable is there too; remove `allow_empty`",
    ),
    (Key::Len, Key::Truthy, "a bool has no length; remove `len`"),
    (
        Key::NonEmpty,
        Key::Truthy,
        "a bool is never empty; remove `non_empty`",
    ),
    (
        Key::Defaults,
        Key::Selector,
        "a group of variants has no fields; put `default` in the type of a variant",
    ),
    (
        Key::When,
        Key::Selector,
        "a group of variants has no fields; remove `when`",
    ),
    (
        Key::When,
        Key::Switch,
        "a group has one switch; remove one of them",
    ),
    (
        Key::Prefix,
        Key::Flatten,
        "`flatten` adds no segment; remove one of them",
    ),
    (
        Key::Separator,
        Key::Parse,
        "`parse` is given the whole text; split it there",
    ),
    (
        Key::Separator,
        Key::Json,
        "JSON has its own; remove one of them",
    ),
    (
        Key::Separator,
        Key::Truthy,
        "a bool is no list; remove one of them",
    ),
    (Key::Truthy, Key::Parse, "remove one of them"),
    (
        Key::Unit,
        Key::Parse,
        "`parse` is given the whole text; remove one of them",
    ),
    (Key::Unit, Key::Json, "remove one of them"),
    (Key::Unit, Key::Truthy, "remove one of them"),
    (
        Key::Unit,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (
        Key::Unit,
        Key::Expected,
        "the unit says it; remove one of them",
    ),
    (
        Key::Expected,
        Key::Present,
        "no text is read; remove one of them",
    ),
    (Key::Json, Key::Parse, "remove one of them"),
    (Key::Json, Key::Truthy, "remove one of them"),
    (
        Key::File,
        Key::Secret,
        "a secret may stand in a file already; remove `file`",
    ),
];

/// Reports keys of a field that lack a second key, or contradict it. The type of the
/// field may stand for a key: `implied`.
pub(super) fn check(ctxt: &Ctxt, attrs: &Attrs, implied: Option<Key>) {
    let has = |key| attrs.has(key) || implied == Some(key);
    // An entry that could not be read may be the key that is needed.
    let needs = if attrs.has_mistakes() { &[] } else { NEEDS };
    for (key, needed, remedy) in needs {
        if let Some(entry) = attrs.find(*key).filter(|_| !has(*needed)) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` needs `{}`; {remedy}", key.name(), needed.name()),
            );
        }
    }
    for (key, other, remedy) in CONFLICTS {
        if let Some(entry) = attrs.find(*key).filter(|_| has(*other)) {
            ctxt.error(
                &entry.ident,
                format_args!("`{}` contradicts `{}`; {remedy}", key.name(), other.name()),
            );
        }
    }
}

/// Reports every key beside `key`, except the `allowed` keys.
pub(super) fn reject_beside(ctxt: &Ctxt, attrs: &Attrs, key: Key, allowed: &[Key], remedy: &str) {
    for entry in attrs.iter() {
        if entry.key != key && !allowed.contains(&entry.key) {
            ctxt.error(
                &entry.ident,
                format_args!(
                    "`{}` has no effect beside `{}`; {remedy}",
                    entry.key.name(),
                    key.name()
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::{parse_quote, Attribute};

    use super::{check, reject_beside};
    use crate::attr::{Attrs, Key, Place};
    use crate::ctxt::Ctxt;

    fn mistakes(attribute: Attribute, rule: impl Fn(&Ctxt, &Attrs)) -> Vec<String> {
        let ctxt = Ctxt::new();
        let attrs = Attrs::parse(&ctxt, Place::Field, &[attribute]);
        rule(&ctxt, &attrs);
        let mistakes = ctxt.check().err().into_iter().flatten();
        mistakes.map(|err| err.to_string()).collect()
    }

    #[test]
    fn a_key_may_be_implied_by_the_type() {
        let check = |implied| move |ctxt: &Ctxt, attrs: &Attrs| check(ctxt, attrs, implied);
        let plain = || parse_quote!(#[env(plain)]);
        let file = || parse_quote!(#[env(file)]);
        assert_eq!(mistakes(plain(), check(None)).len(), 1);
        assert_eq!(mistakes(plain(), check(Some(Key::Secret))).len(), 0);
        assert_eq!(mistakes(file(), check(None)).len(), 0);
        assert_eq!(mistakes(file(), check(Some(Key::Secret))).len(), 1);
    }

    #[test]
    fn a_misspelt_key_may_be_the_key_that_is_needed() {
        let mistakes = mistakes(parse_quote!(#[env(gruop, flatten)]), |ctxt, attrs| {
            check(ctxt, attrs, None);
        });
        let expected = "unknown `env` attribute `gruop`; did you mean `group`?";
        assert_eq!(mistakes, [expected]);
    }

    #[test]
    fn every_key_beside_another_is_rejected_unless_allowed() {
        let attribute = parse_quote!(#[env(group, flatten, json, file)]);
        let mistakes = mistakes(attribute, |ctxt, attrs| {
            reject_beside(ctxt, attrs, Key::Group, &[Key::Flatten], "remove it");
        });
        let expected =
            ["json", "file"].map(|key| format!("`{key}` has no effect beside `group`; remove it"));
        assert_eq!(mistakes, expected);
    }
}
