//! The changes between two releases of a config.

use environ::{ChangeKind, EnvConfig};

/// Two releases of a config, each a list of items with `Cfg` as the root.
macro_rules! changes {
    ({ $($old:item)* } => { $($new:item)* }) => {{
        mod old {
            #![expect(dead_code, reason = "only its help is asked for")]
            #[expect(unused_imports, reason = "not each release has all")]
            use environ::{EnvConfig, EnvValue, Secret};
            $($old)*
        }
        mod new {
            #![expect(dead_code, reason = "only its help is asked for")]
            #[expect(unused_imports, reason = "not each release has all")]
            use environ::{EnvConfig, EnvValue, Secret};
            $($new)*
        }
        let changes = new::Cfg::help().diff(&old::Cfg::help().to_json()).unwrap();
        let lines = changes.iter().map(|change| {
            let sign = if change.is_breaking() { "! " } else { "" };
            format!("{sign}{change}")
        });
        lines.collect::<Vec<_>>()
    }};
}

#[test]
fn a_variable_that_a_variant_requires_is_breaking_where_the_variant_is_selected() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] secrets: Secrets }
        #[derive(EnvConfig)]
        enum Secrets { #[env(default)] Fake, Vault(Vault) }
        #[derive(EnvConfig)]
        struct Vault { addr: Option<String>, token_file: Option<String> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] secrets: Secrets }
        #[derive(EnvConfig)]
        enum Secrets { #[env(default)] Fake, Vault(Vault), Aws(Aws) }
        #[derive(EnvConfig)]
        struct Vault { addr: String, role: String, token_file: Option<String> }
        #[derive(EnvConfig)]
        struct Aws { region: String }
    });
    assert_eq!(
        changes,
        [
            "! newly requires APP_SECRETS_VAULT_ADDR where APP_SECRETS=vault",
            "! newly requires APP_SECRETS_VAULT_ROLE where APP_SECRETS=vault",
            "APP_SECRETS can newly be aws",
            "newly reads APP_SECRETS_AWS_REGION",
        ]
    );
}

#[test]
fn a_list_that_must_not_be_empty_is_breaking() {
    let may_be_empty = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] peers: Vec<Peer> }
        #[derive(EnvConfig)]
        pub(super) struct Peer { host: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group, non_empty)] peers: Vec<Peer> }
        #[derive(EnvConfig)]
        pub(super) struct Peer { host: String }
    });
    let is_new = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(skip)] peers: Vec<String> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group, non_empty)] peers: Vec<Peer> }
        #[derive(EnvConfig)]
        pub(super) struct Peer { host: String }
    });
    // Only the list inside of the optional group has to have an element.
    let is_inside = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] pool: Option<Pool> }
        #[derive(EnvConfig)]
        pub(super) struct Pool { #[env(group)] peers: Vec<Peer> }
        #[derive(EnvConfig)]
        pub(super) struct Peer { host: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] pool: Option<Pool> }
        #[derive(EnvConfig)]
        pub(super) struct Pool { #[env(group, non_empty)] peers: Vec<Peer> }
        #[derive(EnvConfig)]
        pub(super) struct Peer { host: String }
    });
    let asks = "newly asks for at least one of APP_PEERS_*";
    assert_eq!(may_be_empty, [format!("! {asks}")]);
    assert_eq!(is_new[0], format!("! {asks}"));
    assert_eq!(
        is_inside,
        ["newly asks for at least one of APP_POOL_PEERS_*"]
    );
}

#[test]
fn a_value_that_takes_effect_without_a_restart_breaks_nothing() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { token: Secret<String>, #[env(live)] level: environ::Live<u8> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(live)] token: environ::Live<Secret<String>>, level: u8 }
    });
    assert_eq!(
        changes,
        [
            "APP_LEVEL newly needs a restart",
            "APP_TOKEN newly takes effect without a restart",
        ]
    );
}

/// A person copies the secret to the new key before the release is rolled out.
#[test]
fn a_new_key_of_a_secret_in_stores_is_breaking() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            token: Option<Secret<String>>,
            #[env(key = "signing")] sign: Secret<String>,
            #[env(alias = "APP_PASSWORD")] pass: Secret<String>,
            #[env(name = "GITHUB_TOKEN")] github: Secret<String>,
            #[env(group)] db: Db,
        }
        #[derive(EnvConfig)]
        struct Db { #[env(name = "PGPASSWORD")] password: Secret<String> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(key = "jwt")] token: Option<Secret<String>>,
            // The key that the name has anyway.
            #[env(key = "sign")] sign: Secret<String>,
            #[env(alias = "APP_PASS")] password: Secret<String>,
            #[env(name = "GITHUB_TOKEN", key = "github")] github: Secret<String>,
            #[env(group)] db: Db,
        }
        #[derive(EnvConfig)]
        struct Db { #[env(name = "PGPASSWORD", key = "db_password")] password: Secret<String> }
    });
    assert_eq!(
        changes,
        [
            "! newly asks stores for APP_PASSWORD under the key password, no longer under pass",
            "! newly asks stores for APP_SIGN under the key sign, no longer under signing",
            "! newly asks stores for APP_TOKEN under the key jwt, no longer under token",
            "renames APP_PASS to APP_PASSWORD; the old name still works",
        ]
    );
}

/// The default may be a wrong text if one of its variables is read otherwise.
#[test]
fn a_change_of_a_variable_breaks_the_defaults_that_have_its_text() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(default = 1)] same: u8,
            #[env(default_from = "{same}0")] of_same: u16,
            #[env(default = "1")] other: String,
            #[env(default_from = "{other}0")] of_other: u16,
            #[env(default = "one")] word: Word,
            #[env(default_from = "{word}")] of_word: Word,
            #[env(default = "1")] full: String,
            #[env(default_from = "{full}0")] of_full: u16,
            #[env(default = "1")] named: String,
            #[env(default_from = "{named}0")] of_named: u16,
            #[env(default = "1")] typed: u16,
            #[env(default_from = "{typed}0")] of_typed: u16,
            #[env(default = "1")] anew: String,
            #[env(default_from = "{anew}0")] of_anew: u16,
            #[env(default = "1")] text: String,
            #[env(default_from = "{text}0")] of_text: String,
        }
        #[derive(EnvValue)]
        enum Word { One }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(default = 1)] same: u8,
            #[env(default_from = "{same}0")] of_same: u16,
            #[env(default = "2")] other: String,
            #[env(default_from = "{other}0")] of_other: u16,
            #[env(default = "one")] word: Word,
            #[env(default_from = "{word}")] of_word: Word,
            #[env(default = "1", allow_empty)] full: String,
            #[env(default_from = "{full}0")] of_full: u16,
            #[env(default = "1", alias = "NAMED")] named: String,
            #[env(default_from = "{named}0")] of_named: u16,
            #[env(default = "1")] typed: u32,
            #[env(default_from = "{typed}0")] of_typed: u16,
            #[env(default = "1")] anew: String,
            #[env(default_from = "{anew}1")] of_anew: u16,
            #[env(default = "1", alias = "TEXT")] text: String,
            #[env(default_from = "{text}0")] of_text: String,
        }
        #[derive(EnvValue)]
        enum Word { One, Two }
    });
    assert_eq!(
        changes,
        [
            "! default of APP_OF_ANEW changed from ${APP_ANEW}0 to ${APP_ANEW}1",
            "! the default ${APP_FULL}0 of APP_OF_FULL may newly be invalid",
            "! the default ${APP_NAMED}0 of APP_OF_NAMED may newly be invalid",
            "! the default ${APP_OTHER}0 of APP_OF_OTHER may newly be invalid",
            "! the default ${APP_TYPED}0 of APP_OF_TYPED may newly be invalid",
            "! the default $APP_WORD of APP_OF_WORD may newly be invalid",
            "! type of APP_TYPED changed from u16 to u32",
            "APP_FULL can newly be empty",
            "APP_OF_WORD can newly be two",
            "default of APP_OTHER changed from 1 to 2",
            "APP_WORD can newly be two",
        ]
    );
}

#[test]
fn a_new_default_of_a_selector_reads_its_variant() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] store: Store }
        #[derive(EnvConfig)]
        enum Store { #[env(default)] Memory, Disk(Disk) }
        #[derive(EnvConfig)]
        struct Disk { path: String, size: Option<u64> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] store: Store }
        #[derive(EnvConfig)]
        enum Store { Memory, #[env(default)] Disk(Disk) }
        #[derive(EnvConfig)]
        struct Disk { path: String, size: Option<u64> }
    });
    assert_eq!(
        changes,
        [
            "! newly requires APP_STORE_DISK_PATH where APP_STORE=disk",
            "! newly reads APP_STORE_DISK_SIZE by default, where APP_STORE=disk",
            "default of APP_STORE changed from memory to disk",
        ]
    );
}

#[test]
fn a_variable_that_an_optional_group_requires_is_breaking_where_the_group_is_set() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] db: Option<Db>, #[env(group)] up: Vec<Up> }
        #[derive(EnvConfig)]
        struct Db { url: String }
        #[derive(EnvConfig)]
        struct Up { host: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] db: Option<Db>,
            #[env(group)] up: Vec<Up>,
            #[env(group)] cache: Option<Cache>,
        }
        #[derive(EnvConfig)]
        struct Db { url: String, user: String }
        #[derive(EnvConfig)]
        struct Up { host: String, port: u16 }
        #[derive(EnvConfig)]
        struct Cache { url: String }
    });
    assert_eq!(
        changes,
        [
            "! newly requires APP_DB_USER where any APP_DB_* is set",
            "! newly requires APP_UP_<N>_PORT where any APP_UP_<N>_* is set",
            "newly reads APP_CACHE_URL",
        ]
    );
}

#[test]
fn a_group_that_is_no_longer_optional_is_breaking_and_the_reverse_is_not() {
    let optional = || {
        changes!({
            #[derive(EnvConfig)]
            pub(super) struct Cfg { #[env(group)] db: Option<Db>, port: u16 }
            #[derive(EnvConfig)]
            struct Db { url: String }
        } => {
            #[derive(EnvConfig)]
            pub(super) struct Cfg { #[env(group)] db: Db, port: u16 }
            #[derive(EnvConfig)]
            struct Db { url: String }
        })
    };
    assert_eq!(
        optional(),
        [
            "! newly requires APP_DB_URL",
            "when of APP_DB_URL changed from any APP_DB_* is set to none",
        ]
    );
    let required = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] db: Db }
        #[derive(EnvConfig)]
        struct Db { url: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] db: Option<Db> }
        #[derive(EnvConfig)]
        struct Db { url: String }
    });
    assert_eq!(
        required,
        [
            "no longer requires APP_DB_URL",
            "when of APP_DB_URL changed from none to any APP_DB_* is set",
        ]
    );
}

#[test]
fn a_list_in_a_group_that_is_no_longer_optional_breaks_nothing() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] outer: Option<Outer> }
        #[derive(EnvConfig)]
        struct Outer { #[env(group)] list: Vec<Item> }
        #[derive(EnvConfig)]
        struct Item { url: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group)] outer: Outer }
        #[derive(EnvConfig)]
        struct Outer { #[env(group)] list: Vec<Item> }
        #[derive(EnvConfig)]
        struct Item { url: String }
    });
    assert_eq!(
        changes,
        [
            "when of APP_OUTER_LIST_<N>_URL changed from any APP_OUTER_* is set and any \
             APP_OUTER_LIST_<N>_* is set to any APP_OUTER_LIST_<N>_* is set"
        ]
    );
}

/// The names of a group without a segment are told, because names outside of it begin alike.
#[test]
fn a_flattened_group_is_named_by_its_variables() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group, flatten)] tls: Option<Tls>, port: u16 }
        #[derive(EnvConfig)]
        struct Tls { cert: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(group, flatten)] tls: Option<Tls>, port: u16 }
        #[derive(EnvConfig)]
        struct Tls { cert: String, key: String }
    });
    assert_eq!(
        changes,
        ["! newly requires APP_KEY where APP_CERT or APP_KEY is set"]
    );
}

#[test]
fn a_condition_names_three_variables_at_most() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group, flatten)] three: Option<Three>,
            #[env(group, flatten)] five: Option<Five>,
        }
        #[derive(EnvConfig)]
        struct Three { a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        struct Five { d: Option<u8>, e: Option<u8>, f: Option<u8>, g: Option<u8> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group, flatten)] three: Option<Three>,
            #[env(group, flatten)] five: Option<Five>,
        }
        #[derive(EnvConfig)]
        struct Three { a: Option<u8>, b: Option<u8>, c: u8 }
        #[derive(EnvConfig)]
        struct Five { d: Option<u8>, e: Option<u8>, f: Option<u8>, g: Option<u8>, h: u8 }
    });
    assert_eq!(
        changes,
        [
            "! newly requires APP_C where APP_A or APP_B or APP_C is set",
            "! newly requires APP_H where APP_D or APP_E or APP_F or ... is set",
        ]
    );
}

/// A rule is kept by each environment that sets too few of its variables to break it.
#[test]
fn a_new_rule_is_breaking_where_an_environment_of_before_may_break_it() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] most: One,
            #[env(group)] both: One,
            #[env(group)] anew: Other,
            #[env(group)] needs: One,
            #[env(group)] needed: Second,
            #[env(group)] least: Option<Two>,
            #[env(group)] of_three: Option<Three>,
            #[env(group)] tied: Option<Two>,
        }
        #[derive(EnvConfig)]
        struct One { a: Option<u8> }
        #[derive(EnvConfig)]
        struct Second { b: Option<u8> }
        #[derive(EnvConfig)]
        struct Other { c: Option<u8> }
        #[derive(EnvConfig)]
        struct Two { a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        struct Three { a: Option<u8>, b: Option<u8>, c: Option<u8> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] most: Most,
            #[env(group)] both: Tied,
            #[env(group)] anew: Anew,
            #[env(group)] needs: Needs,
            #[env(group)] needed: Needs,
            #[env(group)] least: Option<Least>,
            #[env(group)] of_three: Option<Three>,
            #[env(group)] tied: Option<Tied>,
        }
        #[derive(EnvConfig)]
        #[env(at_most_one_of(a, b))]
        struct Most { a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        #[env(all_or_none(a, b))]
        struct Tied { a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        #[env(all_or_none(a, b))]
        struct Anew { a: Option<u8>, b: Option<u8>, c: Option<u8> }
        #[derive(EnvConfig)]
        struct Needs { #[env(requires(b))] a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        #[env(at_least_one_of(a, b))]
        struct Least { a: Option<u8>, b: Option<u8> }
        #[derive(EnvConfig)]
        #[env(at_least_one_of(a, b))]
        struct Three { a: Option<u8>, b: Option<u8>, c: Option<u8> }
    });
    let rules: Vec<&String> = changes
        .iter()
        .filter(|line| line.contains("asks"))
        .collect();
    assert_eq!(
        rules,
        [
            "! newly asks for all or none of APP_BOTH_A, APP_BOTH_B",
            "! newly asks for APP_NEEDS_B with APP_NEEDS_A",
            "! newly asks for at least one of APP_OF_THREE_A, APP_OF_THREE_B",
            "! newly asks for all or none of APP_TIED_A, APP_TIED_B",
            "newly asks for at most one of APP_MOST_A, APP_MOST_B",
            "newly asks for all or none of APP_ANEW_A, APP_ANEW_B",
            "newly asks for APP_NEEDED_B with APP_NEEDED_A",
            "newly asks for at least one of APP_LEAST_A, APP_LEAST_B",
        ]
    );
}

/// Groups of the same variables under different rules.
mod ruled {
    use environ::EnvConfig;

    macro_rules! groups {
        ($($group:ident: $($rule:meta)?;)*) => {$(
            #[derive(EnvConfig)]
            $(#[env($rule)])?
            #[expect(dead_code, reason = "only its help is asked for")]
            pub(super) struct $group {
                a: Option<u8>,
                b: Option<u8>,
                c: Option<u8>,
            }
        )*};
    }

    groups! {
        OneOfThree: one_of(a, b, c);
        OneOfTwo: one_of(a, b);
        Three:;
        MostOfTwo: at_most_one_of(a, b);
        LeastOfThree: at_least_one_of(a, b, c);
        MostOfThree: at_most_one_of(a, b, c);
        LeastOfTwo: at_least_one_of(a, b);
        AllOfThree: all_or_none(a, b, c);
        AllOfTwo: all_or_none(a, b);
    }
}

/// Returns the changes of rules.
fn rules_of(mut changes: Vec<String>) -> Vec<String> {
    changes.retain(|line| line.contains("newly asks"));
    changes
}

/// A rule is kept if the environments that keep it are among those that kept a rule of before.
#[test]
fn a_rule_of_exactly_one_variable_is_kept_by_the_same_variables() {
    let changes = changes!({
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] one_less: OneOfThree,
            #[env(group)] one_more: OneOfTwo,
            #[env(group)] one_to_most: OneOfTwo,
            #[env(group)] one_to_least: OneOfTwo,
            #[env(group)] optional: Option<Three>,
        }
    } => {
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] one_less: OneOfTwo,
            #[env(group)] one_more: OneOfThree,
            #[env(group)] one_to_most: MostOfTwo,
            #[env(group)] one_to_least: LeastOfThree,
            #[env(group)] optional: Option<OneOfTwo>,
        }
    });
    assert_eq!(
        rules_of(changes),
        [
            "! newly asks for exactly one of APP_ONE_LESS_A, APP_ONE_LESS_B",
            "! newly asks for exactly one of APP_ONE_MORE_A, APP_ONE_MORE_B, APP_ONE_MORE_C",
            "! newly asks for exactly one of APP_OPTIONAL_A, APP_OPTIONAL_B",
            "newly asks for at most one of APP_ONE_TO_MOST_A, APP_ONE_TO_MOST_B",
            "newly asks for at least one of APP_ONE_TO_LEAST_A, APP_ONE_TO_LEAST_B, APP_ONE_TO_LEAST_C",
        ]
    );
}

#[test]
fn a_rule_of_at_most_one_variable_is_kept_by_fewer_variables() {
    let changes = changes!({
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] most_less: MostOfThree,
            #[env(group)] most_more: MostOfTwo,
            #[env(group)] most_anew: MostOfTwo,
            #[env(group)] most_to_one: MostOfTwo,
            #[env(group)] apart: Alias,
        }
        #[derive(EnvConfig)]
        #[env(at_most_one_of(a, c))]
        struct Alias { #[env(alias = "APART_B")] a: Option<u8>, c: Option<u8> }
    } => {
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] most_less: MostOfTwo,
            #[env(group)] most_more: MostOfThree,
            #[env(group)] most_anew: MostOfFour,
            #[env(group)] most_to_one: OneOfTwo,
            #[env(group)] apart: Apart,
        }
        #[derive(EnvConfig)]
        #[env(at_most_one_of(a, b, d, e))]
        struct MostOfFour { a: Option<u8>, b: Option<u8>, d: Option<u8>, e: Option<u8> }
        #[derive(EnvConfig)]
        #[env(at_most_one_of(a, b, c))]
        struct Apart { a: Option<u8>, #[env(name = "APART_B")] b: Option<u8>, c: Option<u8> }
    });
    assert_eq!(
        rules_of(changes),
        [
            "! newly asks for at most one of APP_MOST_MORE_A, APP_MOST_MORE_B, APP_MOST_MORE_C",
            "! newly asks for exactly one of APP_MOST_TO_ONE_A, APP_MOST_TO_ONE_B",
            "! newly asks for at most one of APP_APART_A, APART_B, APP_APART_C",
            "newly asks for at most one of APP_MOST_LESS_A, APP_MOST_LESS_B",
            "newly asks for at most one of APP_MOST_ANEW_A, APP_MOST_ANEW_B, APP_MOST_ANEW_D, APP_MOST_ANEW_E",
        ]
    );
}

#[test]
fn a_rule_that_needs_variables_is_kept_by_fewer_needs() {
    let changes = changes!({
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] least_less: LeastOfThree,
            #[env(group)] least_more: LeastOfTwo,
            #[env(group)] least_to_one: LeastOfTwo,
            #[env(group)] all_less: AllOfThree,
            #[env(group)] all_more: AllOfTwo,
            #[env(group)] needs_less: NeedsBoth,
            #[env(group)] needs_more: NeedsB,
            #[env(group)] needs_for: NeedsC,
        }
        #[derive(EnvConfig)]
        struct NeedsBoth { #[env(requires(b, c))] a: Option<u8>, b: Option<u8>, c: Option<u8> }
        #[derive(EnvConfig)]
        struct NeedsB { #[env(requires(b))] a: Option<u8>, b: Option<u8>, c: Option<u8> }
        #[derive(EnvConfig)]
        struct NeedsC { #[env(requires(c))] a: Option<u8>, b: Option<u8>, c: Option<u8> }
    } => {
        use super::ruled::*;
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)] least_less: LeastOfTwo,
            #[env(group)] least_more: LeastOfThree,
            #[env(group)] least_to_one: OneOfTwo,
            #[env(group)] all_less: AllOfTwo,
            #[env(group)] all_more: AllOfThree,
            #[env(group)] needs_less: NeedsB,
            #[env(group)] needs_more: NeedsBoth,
            #[env(group)] needs_for: BNeedsC,
        }
        #[derive(EnvConfig)]
        struct NeedsB { #[env(requires(b))] a: Option<u8>, b: Option<u8>, c: Option<u8> }
        #[derive(EnvConfig)]
        struct NeedsBoth { #[env(requires(b, c))] a: Option<u8>, b: Option<u8>, c: Option<u8> }
        #[derive(EnvConfig)]
        struct BNeedsC { a: Option<u8>, #[env(requires(c))] b: Option<u8>, c: Option<u8> }
    });
    assert_eq!(
        rules_of(changes),
        [
            "! newly asks for at least one of APP_LEAST_LESS_A, APP_LEAST_LESS_B",
            "! newly asks for exactly one of APP_LEAST_TO_ONE_A, APP_LEAST_TO_ONE_B",
            "! newly asks for all or none of APP_ALL_LESS_A, APP_ALL_LESS_B",
            "! newly asks for all or none of APP_ALL_MORE_A, APP_ALL_MORE_B, APP_ALL_MORE_C",
            "! newly asks for APP_NEEDS_MORE_B, APP_NEEDS_MORE_C with APP_NEEDS_MORE_A",
            "! newly asks for APP_NEEDS_FOR_C with APP_NEEDS_FOR_B",
            "newly asks for at least one of APP_LEAST_MORE_A, APP_LEAST_MORE_B, APP_LEAST_MORE_C",
            "newly asks for APP_NEEDS_LESS_B with APP_NEEDS_LESS_A",
        ]
    );
}

/// A text that its own variable read is a value of the variable that reads it now.
#[test]
fn a_name_that_another_variable_reads_alike_breaks_nothing() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            port: u16,
            listen: u16,
            name: String,
            number: u16,
        }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(alias = "APP_LISTEN")] port: u16,
            #[env(alias = "APP_NUMBER")] name: String,
        }
    });
    assert_eq!(changes, [""; 0]);
}

/// A text of the variable that has gone may be no value of the variable that reads its name.
#[test]
fn a_name_that_another_variable_reads_otherwise_is_breaking() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            ty: u8, old_ty: u16,
            #[env(range = 1..)] range: u8, old_range: u8,
            separator: Vec<u8>, #[env(separator = ";")] old_separator: Vec<u8>,
            word: Word, old_word: Words,
            more_words: Words, old_more_words: Word,
            empty: u8, #[env(allow_empty, default = 1)] old_empty: u8,
            text: String, #[env(allow_empty)] old_text: String,
            same: u8, old_same: Option<u8>,
        }
        #[derive(EnvValue)]
        enum Word { One }
        #[derive(EnvValue)]
        enum Words { One, Two }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(alias = "APP_OLD_TY")] ty: u8,
            #[env(alias = "APP_OLD_RANGE", range = 1..)] range: u8,
            #[env(alias = "APP_OLD_SEPARATOR")] separator: Vec<u8>,
            #[env(alias = "APP_OLD_WORD")] word: Word,
            #[env(alias = "APP_OLD_MORE_WORDS")] more_words: Words,
            #[env(alias = "APP_OLD_EMPTY")] empty: u8,
            #[env(alias = "APP_OLD_TEXT")] text: String,
            #[env(alias = "APP_OLD_SAME")] same: u8,
        }
        #[derive(EnvValue)]
        enum Word { One }
        #[derive(EnvValue)]
        enum Words { One, Two }
    });
    assert_eq!(
        changes,
        [
            "! newly reads APP_OLD_EMPTY in another way than APP_OLD_EMPTY did",
            "! newly reads APP_OLD_RANGE in another way than APP_OLD_RANGE did",
            "! newly reads APP_OLD_SEPARATOR in another way than APP_OLD_SEPARATOR did",
            "! newly reads APP_OLD_TY in another way than APP_OLD_TY did",
            "! newly reads APP_OLD_WORD in another way than APP_OLD_WORD did",
        ]
    );
}

#[test]
fn names_that_change_their_variable_are_breaking() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(alias = "LISTEN")]
            port: u16,
            #[env(deprecated = "APP_OLD")]
            name: Option<String>,
            old_host: Option<String>,
            host: Option<String>,
        }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            port: u16,
            #[env(name = "LISTEN")]
            listen: Option<std::net::IpAddr>,
            #[env(deprecated = "APP_OLD")]
            name: Option<String>,
            #[env(deprecated = "APP_OLD_HOST")]
            host: Option<String>,
        }
    });
    assert_eq!(
        changes,
        [
            "! APP_OLD_HOST can no longer differ from APP_HOST",
            "! newly requires APP_PORT",
            "! type of LISTEN changed from u16 to IP address",
            "deprecates APP_OLD_HOST; write APP_HOST instead",
            "no longer requires LISTEN",
            "renames APP_PORT to LISTEN; the old name still works",
        ]
    );
}

#[test]
fn a_first_name_that_is_gone_is_no_renaming() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(alias = "LOG_FORMAT")] style: Option<String> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg { #[env(alias = "LOG_FORMAT")] format: Option<String> }
    });
    assert_eq!(
        changes,
        ["! no longer reads APP_STYLE", "newly reads APP_FORMAT"]
    );
}

#[test]
fn what_an_empty_variable_means_is_compared() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(allow_empty)]
            motd: String,
            note: Option<String>,
            #[env(default = true, truthy)]
            chaos: bool,
        }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            motd: String,
            #[env(allow_empty)]
            note: Option<String>,
            #[env(default = true)]
            chaos: bool,
        }
    });
    assert_eq!(
        changes,
        [
            "! type of APP_CHAOS changed from truthy text to word",
            "! newly requires APP_MOTD",
            "! APP_MOTD can no longer be empty",
            "APP_CHAOS can newly be yes",
            "APP_CHAOS can newly be no",
            "APP_CHAOS can newly be on",
            "APP_CHAOS can newly be off",
            "APP_CHAOS can newly be 1",
            "APP_CHAOS can newly be 0",
            "APP_NOTE can newly be empty",
        ]
    );
}

/// An empty text is a further text that is read, or a place that is no longer passed over.
#[test]
fn an_empty_text_is_breaking_where_another_place_was_read_or_a_text_is_wrong() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(allow_empty, default = 1)] no_alone: u8,
            #[env(allow_empty, default = 1, alias = "OTHER")] no_elsewhere: u8,
            #[env(default = 1)] base: u8,
            #[env(allow_empty, default_from = "{base}")] no_from: u8,
            #[env(allow_empty, default = "", alias = "TEXT")] no_text: String,
            #[env(allow_empty)] no_required: String,
            number: Option<u8>,
            text: Option<String>,
            #[env(deprecated = "OLD")] deprecated: Option<String>,
            #[env(group)] tls: Option<Tls>,
            #[env(group, when = "dsn")] sentry: Option<Sentry>,
        }
        #[derive(EnvConfig)]
        struct Tls { cert: String }
        #[derive(EnvConfig)]
        struct Sentry { dsn: String, rate: Option<u8> }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(default = 1)] no_alone: u8,
            #[env(default = 1, alias = "OTHER")] no_elsewhere: u8,
            #[env(default = 1)] base: u8,
            #[env(default_from = "{base}")] no_from: u8,
            #[env(default = "", alias = "TEXT")] no_text: String,
            no_required: String,
            #[env(allow_empty)] number: Option<u8>,
            #[env(allow_empty)] text: Option<String>,
            #[env(allow_empty, deprecated = "OLD")] deprecated: Option<String>,
            #[env(group)] tls: Option<Tls>,
            #[env(group, when = "dsn")] sentry: Option<Sentry>,
        }
        #[derive(EnvConfig)]
        struct Tls { #[env(allow_empty)] cert: String }
        #[derive(EnvConfig)]
        struct Sentry { #[env(allow_empty)] dsn: String, rate: Option<u8> }
    });
    assert_eq!(
        changes,
        [
            "! APP_DEPRECATED can newly be empty",
            "! APP_NO_ELSEWHERE can no longer be empty",
            "! APP_NO_FROM can no longer be empty",
            "! newly requires APP_NO_REQUIRED",
            "! APP_NO_REQUIRED can no longer be empty",
            "! APP_NUMBER can newly be empty",
            "! APP_SENTRY_DSN can newly be empty",
            "! APP_TLS_CERT can newly be empty",
            "APP_NO_ALONE can no longer be empty",
            "APP_NO_TEXT can no longer be empty",
            "APP_TEXT can newly be empty",
        ]
    );
}

#[test]
fn a_variable_of_a_map_may_take_a_name_from_another_key() {
    let changes = changes!({
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)]
            db: std::collections::BTreeMap<String, Db>,
        }
        #[derive(EnvConfig)]
        struct Db { url: String }
    } => {
        #[derive(EnvConfig)]
        pub(super) struct Cfg {
            #[env(group)]
            db: std::collections::BTreeMap<String, Db>,
        }
        #[derive(EnvConfig)]
        struct Db { url: String, replica_url: Option<String>, size: Option<u8> }
    });
    assert_eq!(
        changes,
        [
            "! newly reads APP_DB_<KEY>_REPLICA_URL in another way than APP_DB_<KEY>_URL did",
            "! newly requires APP_DB_<KEY>_URL where any APP_DB_<KEY>_* is set",
            "newly reads APP_DB_<KEY>_REPLICA_URL",
            "newly reads APP_DB_<KEY>_SIZE",
        ]
    );
}

#[test]
fn a_change_has_a_name_a_code_and_a_kind() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        port: u16,
    }

    let changes = Cfg::help()
        .diff(r#"{"format": 1, "variables": []}"#)
        .unwrap();
    let change = changes.iter().next().unwrap();
    assert_eq!(change.name(), "APP_PORT");
    assert_eq!(change.code(), "newly_required");
    assert_eq!(change.kind(), &ChangeKind::NewlyRequired { when: None });
    assert!(change.is_breaking());
}

/// The documents of earlier releases have no list of groups.
#[test]
fn a_document_without_groups_is_read() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        db: Option<Db>,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Db {
        url: String,
        port: Option<u16>,
    }

    let mut document: serde_json::Value = serde_json::from_str(&Cfg::help().to_json()).unwrap();
    assert!(document.as_object_mut().unwrap().remove("groups").is_some());
    let changes = Cfg::help().diff(&document.to_string()).unwrap();
    assert_eq!(changes.to_string(), "");
}

/// Names of a group in a map may be names of another group by their key.
#[test]
fn the_file_of_a_secret_in_a_map_is_no_change() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        by: std::collections::BTreeMap<String, Lists>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Lists {
        #[env(group)]
        hosts: Vec<Host>,
        #[env(group)]
        other: Option<Host>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Host {
        host: String,
        password: Option<environ::Secret<String>>,
    }

    let same = Cfg::help().diff(&Cfg::help().to_json()).unwrap();
    assert!(same.is_empty(), "{same}");
}
