//! Whether the compiler has to compare the names of a type.

use crate::model::{Body, Kind};

/// What the name of a variable ends with that names a file.
const FILE: &str = "_FILE";

/// Whether two names may be the same that are written differently. What is in a
/// group, and which type is a secret, so that it may be in a file, only the compiler
/// knows; but most types have no groups, and it takes long to compare names.
pub(super) fn may_clash(body: &Body<'_>) -> bool {
    let Body::Struct(fields) = body else {
        return true;
    };
    let mut names = Vec::new();
    for field in fields {
        match &field.kind {
            Kind::Var(var) => {
                names.push(var.name.text());
                let others = var.aliases.iter().chain(&var.deprecated);
                names.extend(others.map(String::as_str));
            }
            Kind::Group(_) => return true,
            Kind::Skip(_) => {}
        }
    }
    let is_file_of_another = |name: &&str| {
        let other = name.strip_suffix(FILE);
        other.is_some_and(|other| names.contains(&other))
    };
    names.iter().any(is_file_of_another)
}
