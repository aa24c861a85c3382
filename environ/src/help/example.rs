//! Values to begin with: a text that each variable may hold.

use crate::name;
use crate::spec::rule::Role;
use crate::spec::variables::Variable;
use crate::spec::{Var, ON};

/// A text that the variable may hold: its example, its default, or one of its
/// type. A group beside its switch is on. `None` if nothing is known of the type but its name.
pub(crate) fn value(variable: &Variable) -> Option<String> {
    let var = variable.var;
    if variable.is_beside_group() {
        return Some(ON.to_owned());
    }
    match var.details.example.or(variable.literal_default()) {
        Some(text) => Some(text.to_owned()),
        None => of_range(var)
            .or_else(|| of_length(var))
            .or_else(|| var.form().sample(var.separator())),
    }
}

/// Returns the text of a variable in a deployment to begin with, which switches no group on that
/// no rule needs.
pub(super) fn value_to_begin_with(variable: &Variable) -> Option<String> {
    match variable
        .literal_default()
        .filter(|_| variable.is_beside_group())
    {
        Some(off) if variable.role != Role::Set => Some(off.to_owned()),
        _ => value(variable),
    }
}

/// Returns whether a deployment to begin with sets a variable: because it is required, has a
/// default, or keeps a rule.
pub(super) fn is_set_to_begin_with(variable: &Variable) -> bool {
    match variable.role {
        Role::Usual => {
            variable.when.is_none()
                && (variable.is_required() || variable.literal_default().is_some())
        }
        Role::Set => true,
        Role::Excluded => false,
    }
}

/// An end of the range that the value must be in, unless the usual text is known to be inside.
fn of_range(var: &Var) -> Option<String> {
    let range = var.range()?;
    let number = |text: &String| text.parse::<f64>().ok();
    let sample = var.form().sample(var.separator()).as_ref().and_then(number);
    let is_outside = |last: &String| sample.zip(number(last)).is_none_or(|(it, last)| it > last);
    range.first.or_else(|| range.last.filter(is_outside))
}

/// A text of a length that the variable must have.
fn of_length(var: &Var) -> Option<String> {
    let length = var.length()?;
    let number = |end: Option<String>| end.and_then(|end| end.parse::<usize>().ok());
    let least = number(length.first).unwrap_or(0);
    let sample = var.form().sample(var.separator())?;
    if var.form().is_several() {
        return Some(vec![sample; least.max(1)].join(var.separator()));
    }
    let most = number(length.last).unwrap_or(usize::MAX).max(1);
    let count = sample.chars().count().max(least).min(most);
    Some(sample.chars().cycle().take(count).collect())
}

/// The name of a variable of the first group, where there may be several.
pub(crate) fn concrete(name: &str) -> String {
    name.replace(name::ANY_NUMBER, "0")
        .replace(name::ANY_KEY, "MAIN")
}
