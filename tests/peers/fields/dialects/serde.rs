//! The common part of all dialects that read through serde.

use super::{Dialect, Field, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "
use serde::Deserialize;

fn limit() -> u64 {
    65_536
}

fn ratio() -> f64 {
    0.75
}
",
    group: "#[derive(Deserialize)]",
    root: "#[derive(Deserialize)]",
    field: |_, field| field_attribute(field),
    ..PLAIN
};

fn field_attribute(field: &Field) -> String {
    match field.presence {
        Presence::Default(_) => format!("#[serde(default = {:?})]", field.name),
        _ => String::new(),
    }
}
