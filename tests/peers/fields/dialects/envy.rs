use super::{Dialect, serde};

/// It has no groups: a pass for each.
pub(crate) const DIALECT: Dialect = Dialect {
    root: "",
    after_root: |groups| {
        let group = |group: &String| {
            let prefix = format!("APP_{}_", group.to_uppercase());
            format!("        {group}: envy::prefixed({prefix:?}).from_env()?,\n")
        };
        let groups: String = groups.iter().map(group).collect();
        format!("\nfn load() -> envy::Result<App> {{\n    Ok(App {{\n{groups}    }})\n}}\n")
    },
    load: "load()",
    ..serde::DIALECT
};
