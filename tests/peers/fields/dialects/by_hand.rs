use super::{Dialect, Field, PLAIN, Presence};

pub(crate) const DIALECT: Dialect = Dialect {
    head: "use variable::{Error, optional, parsed, parsed_or, text};\n",
    after_group: |group, fields| {
        let field = |field: &Field| format!("{}: {}", field.name, value(group, field));
        loads(group, fields.iter().map(field))
    },
    after_root: |groups| {
        let group = |group: &String| format!("{group}: {}::load()?", group.to_uppercase());
        loads("App", groups.iter().map(group))
    },
    load: "App::load()",
    ..PLAIN
};

fn value(group: &str, field: &Field) -> String {
    let variable = field.variable(group);
    match field.presence {
        Presence::Required if field.ty == "String" => format!("text({variable:?})?"),
        Presence::Required => format!("parsed({variable:?})?"),
        Presence::Optional => format!("optional({variable:?})?"),
        Presence::Default(text) => format!("parsed_or({variable:?}, {text})?"),
    }
}

fn loads(ty: &str, fields: impl Iterator<Item = String>) -> String {
    let fields = fields.collect::<Vec<_>>().join(",\n            ");
    format!(
        "
impl {ty} {{
    fn load() -> Result<Self, Error> {{
        Ok(Self {{
            {fields},
        }})
    }}
}}
"
    )
}
