use super::{Dialect, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use conf::Conf;\n",
    group: "#[derive(Conf)]",
    root: "#[derive(Conf)]\n#[conf(env_prefix = \"APP_\")]",
    nested: |group| format!("#[conf(flatten, env_prefix = \"{group}_\")]"),
    field: |_, field| match field.presence {
        Presence::Default(text) => format!("#[arg(env, default_value = {text:?})]"),
        _ if field.ty == "bool" => "#[arg(parameter, env)]".to_owned(),
        _ => "#[arg(env)]".to_owned(),
    },
    load: "App::try_parse_from([\"app\"], std::env::vars_os())",
    ..PLAIN
};
