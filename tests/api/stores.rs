//! Stores of a stranger's making, and the requests that they answer.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::rc::Rc;
use std::sync::Arc;

use environ::secrets::{Found, Request, SecretStore, StoreError, VaultEnvSecrets};
use environ::{EnvConfig, Level, Loader, Secret, Source, Warning};

#[derive(Debug, EnvConfig)]
struct Cfg {
    token: Secret<String>,
}

/// Secrets under a prefix that a variable names.
struct Own;

impl SecretStore for Own {
    fn name(&self) -> Cow<'_, str> {
        "my store".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let stage = request.env().get("STAGE").unwrap_or_default();
        let secret = Secret::new(format!("{} of {}", request.key(), stage.display()));
        Ok(Some(secret.into()))
    }
}

#[test]
fn an_own_store_is_passed_by_value_reference_box_arc_and_in_generic_code() {
    fn loader<'s>(store: impl SecretStore + Send + Sync + 's) -> Loader<'s, Cfg> {
        Cfg::loader().secrets(store)
    }

    let arc: Arc<dyn SecretStore + Send + Sync> = Arc::new(Own);
    let boxed: Box<dyn SecretStore + Send + Sync> = Box::new(Own);
    let by_ref = &Own;
    for loader in [
        Cfg::loader().secrets(Own),
        Cfg::loader().secrets(by_ref),
        Cfg::loader().secrets(Arc::clone(&arc)),
        Cfg::loader().secrets(&*arc),
        Cfg::loader().secrets(&boxed),
        Cfg::loader().secrets(Box::new(Own)),
        loader(Own),
        loader(&boxed),
    ] {
        let loaded = loader.source([("STAGE", "prod")]).load().unwrap();
        assert_eq!(loaded.config.token.expose(), "token of prod");
    }
}

#[test]
fn a_store_can_be_asked_in_a_test() {
    let source = Rc::new([("STAGE", "test")]);
    let request = Request::new("token", &source);
    let found = Own.get(&request).unwrap().unwrap();
    assert_eq!(
        format!("{found:?} {request:?}"),
        "Found { secret: [REDACTED] } Request { key: \"token\", .. }"
    );
    assert_eq!(Own.keys(&()).unwrap(), [""; 0]);
    assert_eq!(Own.variable(&request), None);
    assert!(!Own.reads("STAGE", &()));
}

#[test]
fn strict_mode_knows_all_variables_of_a_store_with_a_computed_prefix() {
    let infix = "VAULT".to_owned();
    let store = VaultEnvSecrets::with_prefix_from(move |env| {
        let stage = env.get("STAGE").unwrap_or_default();
        format!("app_{infix}_{}", stage.display())
    });
    let pairs = [
        ("STAGE", "prod"),
        ("APP_VAULT_PROD_TOKEN", "x"),
        ("APP_VAULT_PROD_OTHER", "x"),
    ];
    let loader = Cfg::loader().source(pairs).secrets(store).strict();
    assert_eq!(loader.load().unwrap().config.token.expose(), "x");
}

/// A source with variables that child processes see.
struct Inherited([(&'static str, &'static str); 2]);

impl Source for Inherited {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        Source::get(&self.0, name)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        self.0.names()
    }

    fn exposes(&self, _: &str) -> bool {
        true
    }
}

#[test]
fn levels_say_whether_an_oddity_is_nothing_a_warning_or_a_problem() {
    let pairs = || Inherited([("APP_TOKEN", "x"), ("APP_TOKNE", "y")]);
    let load = |unknown, env_secrets| {
        let loader = Cfg::loader().source(pairs());
        let answer = loader.unknown(unknown).env_secrets(env_secrets).load();
        answer.map(|loaded| {
            loaded
                .warnings
                .iter()
                .map(Warning::code)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(load(Level::Allow, Level::Allow).unwrap(), [""; 0]);
    assert_eq!(load(Level::Allow, Level::Warn).unwrap(), ["exposed"]);
    assert_eq!(load(Level::Warn, Level::Allow).unwrap(), ["unknown"]);
    assert_eq!(
        load(Level::Deny, Level::Allow)
            .unwrap_err()
            .problems()
            .len(),
        1
    );
    assert_eq!(
        load(Level::Allow, Level::Deny)
            .unwrap_err()
            .problems()
            .len(),
        1
    );

    let by_default = Cfg::loader().source(pairs()).load().unwrap();
    assert_eq!(by_default.warnings.len(), 1);
    let allowed = Cfg::loader()
        .source(pairs())
        .deny_env_secrets()
        .allow_env_secrets();
    assert_eq!(allowed.load().unwrap().warnings, []);
}
