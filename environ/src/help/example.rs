//! Values to begin with: a text that each variable may hold.

use crate::name;
use crate::spec::variables::Variable;
use crate::spec::Var;

/// A text that the variable may hold: its example, its default, or one of its
/// type. `None` if nothing is known of the type but its name.
pub(crate) fn value(variable: &Variable) -> Option<String> {
    let var = variable.var;
    match var.details.example.or(variable.literal_default()) {
        Some(text) => Some(text.to_owned()),
        None => var
            .range()
            .and_then(|range| range.first)
            .or_else(|| long_enough(var))
            .or_else(|| var.form().sample(var.separator())),
    }
}

/// A text of the least length that the variable must have.
fn long_enough(var: &Var) -> Option<String> {
    let least: usize = var.length()?.first?.parse().ok()?;
    let sample = var.form().sample(var.separator())?;
    if var.form().is_several() {
        return Some(vec![sample; least.max(1)].join(var.separator()));
    }
    let letters = sample.chars().cycle();
    (sample.chars().count() < least).then(|| letters.take(least).collect())
}

/// The name of a variable of the first group, where there may be several.
pub(crate) fn concrete(name: &str) -> String {
    name.replace(name::ANY_NUMBER, "0")
        .replace(name::ANY_KEY, "MAIN")
}
