use super::{Dialect, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use envconfig::Envconfig;\n",
    group: "#[derive(Envconfig)]",
    root: "#[derive(Envconfig)]",
    nested: |_| "#[envconfig(nested)]".to_owned(),
    field: |group, field| {
        let variable = field.variable(group);
        match field.presence {
            Presence::Default(text) => {
                format!("#[envconfig(from = {variable:?}, default = {text:?})]")
            }
            _ => format!("#[envconfig(from = {variable:?})]"),
        }
    },
    load: "App::init_from_env()",
    ..PLAIN
};
