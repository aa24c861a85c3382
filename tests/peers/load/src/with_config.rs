use config::{Config, ConfigError, Environment};

use crate::shared::App;

pub(crate) fn load() -> Result<App, ConfigError> {
    let environment = Environment::with_prefix("APP").separator("_");
    Config::builder()
        .add_source(environment)
        .build()?
        .try_deserialize()
}
