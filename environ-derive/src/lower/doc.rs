//! Reads a doc comment into the line that help shows.

use syn::{Attribute, Expr, Lit, Meta};

/// Returns the first paragraph of the doc comment, on a single line.
pub(super) fn first_paragraph(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for comment in attributes.iter().filter_map(comment) {
        text.push_str(&comment);
        text.push('\n');
    }
    let lines = text.lines().map(str::trim);
    let paragraph: Vec<_> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}

/// Returns the text of `#[doc = "..."]`: a line of `///`, or all lines of `/** ... */`.
fn comment(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(expr) if meta.path.is_ident("doc") => match &expr.lit {
            Lit::Str(text) => Some(without_stars(text.value())),
            _ => None,
        },
        _ => None,
    }
}

/// Removes the star at the start of each line of a `/** ... */`.
fn without_stars(text: String) -> String {
    if !text.contains('\n') {
        return text;
    }
    let lines = text.lines().map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix('*');
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with(' '));
        rest.unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    fn paragraph(item: &str) -> String {
        let item: syn::DeriveInput = syn::parse_str(item).unwrap();
        first_paragraph(&item.attrs)
    }

    #[test]
    fn lines_of_the_first_paragraph_are_joined() {
        let item = "///\n/// First line,\n/// second line.\n///\n/// Details.\nstruct A;";
        assert_eq!(paragraph(item), "First line, second line.");
    }

    #[test]
    fn stars_of_a_block_are_removed_and_stars_of_the_text_are_kept() {
        assert_eq!(
            paragraph("/**\n * Lists\n * *.rs.\n */\nstruct A;"),
            "Lists *.rs."
        );
        assert_eq!(paragraph("/** All of it. */\nstruct A;"), "All of it.");
    }

    #[test]
    fn attributes_other_than_text_are_ignored() {
        assert_eq!(
            paragraph("#[doc(hidden)]\n#[doc = \"Text.\"]\nstruct A;"),
            "Text."
        );
        assert_eq!(paragraph("struct A;"), "");
    }
}
