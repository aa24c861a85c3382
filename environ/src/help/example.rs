//! Values to begin with: a text that each variable may hold.

use crate::name;
use crate::spec::variables::Variable;

/// A text that the variable may hold: its example, its default, or one of its
/// type. `None` if nothing is known of the type but its name.
pub(crate) fn value(variable: &Variable) -> Option<String> {
    let var = variable.var;
    match var.example.or(variable.shown_default()) {
        Some(text) => Some(text.to_owned()),
        None => var
            .range()
            .and_then(|range| range.first)
            .or_else(|| var.form.sample(var.separator)),
    }
}

/// The name of a variable of the first group, where there may be several.
pub(crate) fn concrete(name: &str) -> String {
    name.replace(name::ANY_NUMBER, "0")
        .replace(name::ANY_KEY, "MAIN")
}
