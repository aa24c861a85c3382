use super::{Dialect, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use environ::EnvConfig;\n",
    group: "#[derive(EnvConfig)]",
    root: "#[derive(EnvConfig)]",
    nested: |_| "#[env(group)]".to_owned(),
    field: |_, field| match field.presence {
        Presence::Default(text) => format!("#[env(default = {text})]"),
        _ => String::new(),
    },
    load: "App::from_env()",
    ..PLAIN
};
