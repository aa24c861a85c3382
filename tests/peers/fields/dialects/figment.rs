use super::{Dialect, serde};

pub(crate) const DIALECT: Dialect = Dialect {
    load: "figment::Figment::from(figment::providers::Env::prefixed(\"APP_\").split(\"_\")).extract::<App>()",
    ..serde::DIALECT
};
