use super::{Dialect, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use confique::Config;\n",
    group: "#[derive(Config)]",
    root: "#[derive(Config)]",
    nested: |_| "#[config(nested)]".to_owned(),
    field: |group, field| {
        let variable = field.variable(group);
        match field.presence {
            Presence::Default(text) => format!("#[config(env = {variable:?}, default = {text})]"),
            _ => format!("#[config(env = {variable:?})]"),
        }
    },
    load: "App::builder().env().load()",
    ..PLAIN
};
