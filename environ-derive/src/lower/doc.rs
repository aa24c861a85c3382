//! Doc comments, as help shows them.

use syn::{Attribute, Expr, Lit, Meta};

/// The first paragraph of the doc comment, on one line.
pub(crate) fn first_paragraph(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for line in attributes.iter().filter_map(line) {
        text.push_str(&line);
        text.push('\n');
    }
    let lines = text.lines().map(str::trim);
    let paragraph: Vec<_> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(expr) if meta.path.is_ident("doc") => match &expr.lit {
            Lit::Str(text) => Some(unstarred(text.value())),
            _ => None,
        },
        _ => None,
    }
}

/// A `/** ... */` of several lines, without the star that each may begin with.
fn unstarred(text: String) -> String {
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
