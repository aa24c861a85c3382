use super::{Dialect, serde};

pub(crate) const DIALECT: Dialect = Dialect {
    after_root: |_| LOAD.to_owned(),
    load: "load()",
    ..serde::DIALECT
};

const LOAD: &str = r#"
fn load() -> Result<App, config::ConfigError> {
    let environment = config::Environment::with_prefix("APP").separator("_");
    config::Config::builder().add_source(environment).build()?.try_deserialize()
}
"#;
