//! Whether the compiler has to compare the names of a type.

use std::collections::HashSet;

use crate::ast::{Body, Kind};

/// What the name of a variable ends with that names a file.
const FILE: &str = "_FILE";

/// Whether two names may be the same, for all that can be seen here. What is in a
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
    let different: HashSet<_> = names.iter().copied().collect();
    let has_twin = |name: &&str| {
        let of = name.strip_suffix(FILE);
        of.is_some_and(|of| different.contains(of))
    };
    different.len() < names.len() || names.iter().any(has_twin)
}
