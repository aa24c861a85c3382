//! The variables: those that somebody set in view, the rest folded.

use maud::{Markup, html};

use super::shown::{Doc, Name, Shown};
use crate::config::effective::Variable;

/// Returns the section with every variable.
pub(super) fn configuration(variables: &[Variable]) -> Markup {
    let of = |belongs: fn(&Variable) -> bool| variables.iter().filter(move |it| belongs(it));
    let set: Vec<_> = of(|it| it.is_set).collect();
    let defaults: Vec<_> = of(|it| !it.is_set && it.value.is_some()).collect();
    let unset: Vec<_> = of(|it| it.value.is_none()).collect();
    html! {
        section {
            h2 { "Configuration" }
            @if set.is_empty() { p.dim { "No variable is set." } }
            @else { (table(&set, "Origin", origin)) }
            (folded("with its default", "with their defaults", &defaults))
            (folded("unset, or of a group that is not read", "unset, or of a group that is not read", &unset))
        }
    }
}

fn folded(one: &str, many: &str, variables: &[&Variable]) -> Markup {
    html! {
        @if !variables.is_empty() {
            details {
                summary { @match variables.len() {
                    1 => { "1 variable " (one) },
                    count => { (count) " variables " (many) },
                } }
                (table(variables, "Default", default))
            }
        }
    }
}

fn table(variables: &[&Variable], third: &str, cell: fn(&Variable) -> Markup) -> Markup {
    html! {
        table.wide {
            thead { tr { th scope="col" { "Variable" } th scope="col" { "Value" }
                th scope="col" { (third) } th scope="col" { "Meaning" } } }
            tbody {
                @for variable in variables {
                    tr {
                        th scope="row" { code { (Name(&variable.name)) } }
                        @match &variable.value {
                            Some((value, _)) if value.is_empty() => td.dim { "empty" },
                            Some((value, _)) => td.value { bdi { (Shown(value)) } },
                            None => td.dim { "unset" },
                        }
                        (cell(variable))
                        td.dim { (Doc(&variable.doc)) }
                    }
                }
            }
        }
    }
}

fn origin(variable: &Variable) -> Markup {
    let origin = variable.value.as_ref().map(|(_, origin)| &**origin);
    html! {
        td {
            bdi { (Shown(origin.unwrap_or_default())) }
            @if let Some(default) = variable.default.as_deref().filter(|it| !it.is_empty()) {
                span.default { "default " code { (Shown(default)) } }
            }
        }
    }
}

fn default(variable: &Variable) -> Markup {
    html! { td.value { (Shown(variable.default.as_deref().unwrap_or_default())) } }
}
