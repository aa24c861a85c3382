use super::{Dialect, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use procenv::EnvConfig;\n",
    group: "#[derive(EnvConfig)]",
    root: "#[derive(EnvConfig)]",
    nested: |_| "#[env(flatten)]".to_owned(),
    field: |group, field| {
        let variable = field.variable(group);
        match field.presence {
            Presence::Required => format!("#[env(var = {variable:?})]"),
            Presence::Optional => format!("#[env(var = {variable:?}, optional)]"),
            Presence::Default(text) => format!("#[env(var = {variable:?}, default = {text:?})]"),
        }
    },
    load: "App::from_env()",
    ..PLAIN
};
