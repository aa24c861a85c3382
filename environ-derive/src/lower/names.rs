//! Checks and builds the parts of a variable's name, and the names of secrets in stores.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::LitStr;

use crate::ctxt::Ctxt;
use crate::model::Delimiter;

/// Returns the segment that a field adds: its name in upper case, without `r#` and without
/// the `_` at the end of a name like `type_`.
pub(super) fn of_field(ctxt: &Ctxt, ident: &Ident) -> String {
    let name = ident.unraw().to_string();
    let name = match name.strip_suffix('_') {
        Some(word) if !word.trim_start_matches('_').is_empty() => word.to_owned(),
        _ => name,
    };
    if !name.is_ascii() {
        ctxt.error(
            ident,
            format_args!(
                "`{name}` has letters that a variable's name cannot have; \
                 add `#[env(name = \"...\")]`"
            ),
        );
    }
    name.to_uppercase()
}

/// Returns the segment that a variant adds: its word, as a part of a name.
pub(super) fn of_word(ctxt: &Ctxt, ident: &Ident, word: &str) -> String {
    if !word.is_ascii() {
        ctxt.error(
            ident,
            format_args!("{word:?} cannot be part of a variable's name; use A-Z, 0-9 and `-`"),
        );
    }
    word.to_uppercase()
        .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

/// Returns a full name, with its letters as the user wrote them.
pub(super) fn full(ctxt: &Ctxt, text: &LitStr) -> String {
    let name = text.value();
    if name.is_empty() {
        ctxt.error(text, "a variable's name must not be empty");
    } else if let Some(letter) = name.chars().find(|letter| "=\0".contains(*letter)) {
        ctxt.error(
            text,
            format_args!("{letter:?} cannot be part of a variable's name; remove it"),
        );
    }
    name
}

/// Returns the prefix of a type, and the delimiter of its groups. With a delimiter, the prefix
/// may end in the delimiter, which then stands after the prefix too.
pub(super) fn root(
    ctxt: &Ctxt,
    written: Option<&LitStr>,
    delimiter: Option<&LitStr>,
) -> (Option<String>, Option<Delimiter>) {
    let Some(text) = delimiter else {
        return (written.map(|text| prefix(ctxt, text)), None);
    };
    let delimiter = text.value();
    if delimiter.is_empty() || delimiter.contains(|letter| letter != '_') {
        ctxt.error(
            text,
            "a delimiter is one or more `_`, which every shell takes in a name; write `__`",
        );
    }
    let bare = written.and_then(|text| {
        let value = text.value();
        let bare = value.strip_suffix(&*delimiter)?;
        (delimiter.len() > 1 && !bare.is_empty()).then(|| LitStr::new(bare, text.span()))
    });
    let after_prefix = if bare.is_some() { &delimiter } else { "_" };
    let after_prefix = after_prefix.to_owned();
    let written = bare.as_ref().or(written);
    let delimiter = Delimiter {
        after_prefix,
        text: delimiter,
    };
    (written.map(|text| prefix(ctxt, text)), Some(delimiter))
}

/// Returns whether nothing is left of a text without the `_` at its end.
pub(super) fn is_empty(text: &LitStr) -> bool {
    text.value().trim_end_matches('_').is_empty()
}

/// Returns a prefix: in upper case, without the `_` between prefix and segment.
pub(super) fn prefix(ctxt: &Ctxt, text: &LitStr) -> String {
    let prefix = text.value();
    let is_odd = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    if is_empty(text) && !prefix.is_empty() {
        ctxt.error(
            text,
            "the `_` after a prefix is added; for names without a prefix write `\"\"`",
        );
    } else if prefix.ends_with('_') {
        ctxt.error(
            text,
            format_args!(
                "the `_` after a prefix is added; write `{}`",
                prefix.trim_end_matches('_')
            ),
        );
    } else if prefix.starts_with(|first: char| first.is_ascii_digit()) {
        ctxt.error(text, "a prefix must not begin with a digit");
    } else if let Some(letter) = prefix.chars().find(|letter| is_odd(*letter)) {
        ctxt.error(
            text,
            format_args!("{letter:?} cannot be part of a prefix; use A-Z, 0-9 and `_`"),
        );
    }
    prefix.to_uppercase()
}

/// Returns the name of a secret in stores. A directory has a file of that name and a
/// document a field, so the name must not be empty or a path.
pub(super) fn store_key(ctxt: &Ctxt, text: &LitStr) -> String {
    let key = text.value();
    if key.is_empty() || key.starts_with('.') || key.contains(['/', '\\', '\0']) {
        ctxt.error(
            text,
            "a key must not be empty, begin with a dot, or be a path",
        );
    }
    key
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::parse_quote;
    use syn::LitStr;

    use super::{full, of_field, of_word, prefix, root, store_key};
    use crate::ctxt::Ctxt;

    fn accepts(check: fn(&Ctxt, &LitStr) -> String, text: &str) -> bool {
        let ctxt = Ctxt::new();
        check(&ctxt, &LitStr::new(text, Span::call_site()));
        ctxt.check().is_ok()
    }

    #[test]
    fn a_field_adds_its_name_in_upper_case_without_the_raw_prefix() {
        let ctxt = Ctxt::new();
        assert_eq!(of_field(&ctxt, &parse_quote!(r#type)), "TYPE");
        assert_eq!(of_field(&ctxt, &parse_quote!(max_age)), "MAX_AGE");
        assert_eq!(of_field(&ctxt, &parse_quote!(type_)), "TYPE");
        assert_eq!(of_field(&ctxt, &parse_quote!(type__)), "TYPE_");
        assert_eq!(of_field(&ctxt, &parse_quote!(__)), "__");
        assert!(ctxt.check().is_ok());
    }

    #[test]
    fn a_word_adds_its_letters_in_upper_case_with_underscores() {
        let ctxt = Ctxt::new();
        let ident = parse_quote!(Variant);
        assert_eq!(of_word(&ctxt, &ident, "aws-s3 v2"), "AWS_S3_V2");
        assert!(ctxt.check().is_ok());
    }

    #[test]
    fn letters_outside_ascii_are_mistakes_in_a_segment() {
        let ctxt = Ctxt::new();
        let ident = parse_quote!(größe);
        of_field(&ctxt, &ident);
        of_word(&ctxt, &ident, "größe");
        assert_eq!(ctxt.check().unwrap_err().into_iter().count(), 2);
    }

    #[test]
    fn a_full_name_is_any_text_that_an_environment_can_hold() {
        assert!(["A", "a", "PORT_2", "my.app-port", "1A", "A B", "Ä"]
            .iter()
            .all(|name| accepts(full, name)));
        for name in ["", "A=", "A\0"] {
            assert!(!accepts(full, name), "{name}");
        }
    }

    #[test]
    fn a_prefix_may_end_in_a_delimiter_of_several_underscores() {
        for (written, delimiter, expected) in [
            ("APP", "__", Some(("APP", "_"))),
            ("APP", "_", Some(("APP", "_"))),
            ("APP__", "__", Some(("APP", "__"))),
            ("", "__", Some(("", "_"))),
            ("APP_", "_", None),
            ("APP_", "__", None),
            ("__", "__", None),
            ("APP", "", None),
            ("APP", "-_", None),
        ] {
            let ctxt = Ctxt::new();
            let text = |text| LitStr::new(text, Span::call_site());
            let (prefix, delimited) = root(&ctxt, Some(&text(written)), Some(&text(delimiter)));
            let delimited = delimited.unwrap();
            assert_eq!(delimited.text, delimiter);
            let prefix = prefix.unwrap();
            let is_right = ctxt.check().is_ok();
            let found = is_right.then_some((&*prefix, &*delimited.after_prefix));
            assert_eq!(found, expected, "{written} {delimiter}");
        }
    }

    #[test]
    fn a_prefix_has_letters_digits_and_inner_underscores() {
        assert!(["", "APP", "my_app2"]
            .iter()
            .all(|text| accepts(prefix, text)));
        for text in ["APP_", "2APP", "my-app", "Ä"] {
            assert!(!accepts(prefix, text), "{text}");
        }
    }

    #[test]
    fn a_store_key_is_no_path() {
        assert!(["dsn", "db.url", "db-url"]
            .iter()
            .all(|key| accepts(store_key, key)));
        for key in ["", ".", "..", "a/b", "a\\b", "a\0b"] {
            assert!(!accepts(store_key, key), "{key}");
        }
    }
}
