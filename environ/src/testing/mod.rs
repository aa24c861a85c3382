//! Tests of a config type, a line each.

mod combinations;

use std::fmt::Write as _;

use self::combinations::Combinations;
use crate::config::EnvConfig;
use crate::help::{dotenv, example};
use crate::redact::display;
use crate::report::Error;
use crate::spec::variables::Variable;
use crate::spec::{Presence, ON};

/// Asserts that every default and every end of a range parses, that each variable can be set to its
/// example, in a `.env` file too, for every variant of every one-of group, and that no variable is
/// read by two fields.
///
/// The required variables are loaded alone, then all variables together. Where a rule of
/// the struct refuses that, for fields that need or exclude each other, further combinations
/// are loaded, and, last, texts that are no examples. A variable fails the test if no
/// combination with it loads. The search for combinations stops after 150,000 variables, which
/// are 1,500 combinations of a type of 100 variables; the failure says so. A rule as a key, such
/// as `one_of(a, b)`, needs no search.
///
/// # Panics
///
/// If a check fails, with all problems.
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(EnvConfig)]
/// # #[expect(dead_code, reason = "never loaded")]
/// struct AppConfig {
///     host: String,
///     #[env(default = 8000)]
///     port: u16,
/// }
///
/// // In a test of your own:
/// environ::testing::assert_valid::<AppConfig>();
/// ```
///
/// ```should_panic
/// # use environ::EnvConfig;
/// #[derive(EnvConfig)]
/// # #[expect(dead_code, reason = "never loaded")]
/// struct Bad {
///     #[env(default = "30")] // without a unit
///     timeout: std::time::Duration,
/// }
///
/// environ::testing::assert_valid::<Bad>();
/// ```
#[expect(clippy::panic, reason = "it is for tests")]
pub fn assert_valid<T: EnvConfig>() {
    let mut combinations = Combinations::new(T::SPEC);
    let mut wrong = String::new();
    for variable in &combinations.variables {
        let ranges = [variable.var.range(), variable.var.length()];
        for fault in ranges.into_iter().flatten().filter_map(|it| it.fault) {
            let _ = write!(wrong, "\n  {}  {fault}", variable.name);
        }
        if let Some(text) = unfit_for_dotenv(variable) {
            let _ = write!(
                wrong,
                "\n  {}  no `.env` file can hold {}; write another `example`",
                variable.name,
                display::quoted(text.as_ref()),
            );
        }
        if must_be_set(variable) && example::value(variable).is_none() {
            let _ = write!(
                wrong,
                "\n  {}  {:#} has no text that is known; add `#[env(example = \"...\")]`",
                variable.name,
                variable.var.form(),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "no example can be made of `{}`:{wrong}",
        T::SPEC.ident
    );
    let mut shared = String::new();
    for (key, [first, second]) in combinations.shared_keys(T::SPEC.root()) {
        let _ = write!(shared, "\n  {first} and {second}  {key}");
    }
    assert!(
        shared.is_empty(),
        "two secrets of `{}` have one key in stores; give one of them another `key`:{shared}",
        T::SPEC.ident
    );
    for selected in choices(&combinations.variables) {
        let selected = selected.as_ref().map(|(name, word)| (&**name, *word));
        if let Err(refused) = combinations.check::<T>(selected) {
            let stopped = refused.stopped.map(|count| {
                format!(
                    "\nthe search stopped after {count} combinations: with and without each \
                     variable and each group that a report names, and with other texts; write the \
                     rule as `one_of(...)`, `requires(...)` or the like, which the search follows"
                )
            });
            let unfit = made_texts(&combinations.variables, &refused.err);
            let unfit = unfit.map(|name| {
                format!("\nadd `#[env(example = \"...\")]` to the field of {name}, because the text was made up")
            });
            panic!(
                "the example of `{}` does not load; {}\nwhat was set: {}{}",
                T::SPEC.ident,
                refused.err,
                refused.set.join(", "),
                unfit.or(stopped).unwrap_or_default(),
            );
        }
    }
}

/// Returns the names of refused variables that have neither an example nor a default.
fn made_texts(variables: &[Variable], err: &Error) -> Option<String> {
    let is_wrong = |name: &str| {
        let mut problems = err.problems();
        problems.any(|it| !it.is_missing() && it.variable() == name)
    };
    let is_in_wrong_default = |name: &str| {
        let with_default = variables.iter().filter(|it| is_wrong(&it.name));
        let mut defaults = with_default.filter_map(|it| it.default_from.as_deref());
        defaults.any(|text| {
            text.contains(&format!("${name}")) || text.contains(&format!("${{{name}}}"))
        })
    };
    let is_refused = |it: &&Variable| is_wrong(&it.name) || is_in_wrong_default(&it.name);
    let is_made = |variable: &&Variable| {
        variable.var.details.example.is_none()
            && variable.literal_default().is_none()
            && variable.default_from.is_none()
    };
    let names = variables.iter().filter(is_refused).filter(is_made);
    let names: Vec<&str> = names.map(|variable| &*variable.name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns the text of a variable that the `.env` form of help cannot set: a default may stay a
/// comment.
fn unfit_for_dotenv(variable: &Variable) -> Option<String> {
    let is_example = variable.var.details.example.is_some() || must_be_set(variable);
    let text = example::value(variable).filter(|_| is_example)?;
    (!dotenv::can_hold(&text)).then_some(text)
}

fn must_be_set(variable: &Variable) -> bool {
    matches!(variable.item.presence, Presence::Required)
}

/// Each word of each one-of group, one at a time.
fn choices(variables: &[Variable]) -> Vec<Option<(String, &'static str)>> {
    let mut choices = vec![None];
    for variable in variables.iter().filter(|variable| variable.is_selector()) {
        // A group beside a switch is off in every combination without the switch.
        if variable.is_beside_group() {
            choices.push(Some((variable.name.clone(), ON)));
        } else if let Some(words) = variable.var.form().known_words() {
            choices.extend(
                words
                    .iter()
                    .map(|word| Some((variable.name.clone(), *word))),
            );
        }
    }
    choices
}
