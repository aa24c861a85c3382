use super::{Dialect, Field, PLAIN, Presence};

/// Every argument needs a name of its own, in every group.
pub(crate) const DIALECT: Dialect = Dialect {
    head: "use clap::{ArgAction, Args, Parser};\n",
    group: "#[derive(Args)]",
    root: "#[derive(Parser)]",
    nested: |_| "#[command(flatten)]".to_owned(),
    field: |group, field| {
        let variable = field.variable(group);
        let more = more(field);
        format!("#[arg(id = {variable:?}, long = {variable:?}, env = {variable:?}{more})]")
    },
    load: "App::try_parse_from([\"app\"])",
    ..PLAIN
};

fn more(field: &Field) -> String {
    match field.presence {
        Presence::Default(text) => format!(", default_value_t = {text}"),
        _ if field.ty == "bool" => ", action = ArgAction::Set".to_owned(),
        _ => String::new(),
    }
}
