use figment::providers::Env;
use figment::{Error, Figment};

use crate::shared::App;

/// The error is boxed, since it is as large as 200 bytes.
pub(crate) fn load() -> Result<App, Box<Error>> {
    let figment = Figment::from(Env::prefixed("APP_").split("_"));
    figment.extract().map_err(Box::new)
}
