//! No variable is read by two fields, for any keys of maps.

use std::collections::BTreeMap;
use std::fmt::Debug;

use environ::secrets::{Found, Request, SecretStore, StoreError};
use environ::{EnvConfig, Secret};
use proptest::prelude::*;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group)]
    db: BTreeMap<String, Dbs>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Dbs {
    url: String,
    replica_url: Option<String>,
    #[env(default = 1)]
    size: u8,
    #[env(default = 2)]
    max_size: u8,
}

#[test]
fn a_variable_that_two_keys_claim_is_a_conflict() {
    let pairs = [
        ("APP_DB_EU_URL", "u1"),
        ("APP_DB_EU_REPLICA_URL", "u2"),
        ("APP_DB_EU_REPLICA_SIZE", "9"),
    ];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP_DB_EU_REPLICA_URL  read as db.eu.replica_url and as db.eu_replica.url; \
         rename one of the keys"
    );
    let err = Cfg::from_source(pairs).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "conflict");
    // Without the third, there is no group `eu_replica`.
    let eu = Dbs {
        url: "u1".into(),
        replica_url: Some("u2".into()),
        size: 1,
        max_size: 2,
    };
    let db = BTreeMap::from([("eu".to_owned(), eu)]);
    assert_eq!(load::<Cfg>(&pairs[..2]), Cfg { db });
}

#[test]
fn a_variable_of_two_numbers_is_a_conflict_too() {
    assert_eq!(
        problems::<Cfg>(&[
            ("APP_DB_A_URL", "x"),
            ("APP_DB_A_SIZE", "1"),
            ("APP_DB_A_MAX_SIZE", "2"),
            ("APP_DB_A_MAX_URL", "x"),
        ]),
        "  APP_DB_A_MAX_SIZE  read as db.a.max_size and as db.a_max.size; rename one of the keys"
    );
}

#[test]
fn a_field_beside_a_group_that_is_there_is_a_conflict() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Beside {
        #[env(group)]
        db: BTreeMap<String, Host>,
        #[env(group)]
        up: Vec<Host>,
        db_main_host: Option<String>,
        up_0_host: Option<String>,
        #[env(alias = "APP_DB_OTHER_HOST", file)]
        other: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Host {
        host: Option<String>,
        #[env(default = 80)]
        port: u16,
    }

    assert_eq!(
        problems::<Beside>(&[
            ("APP_DB_MAIN_HOST", "a"),
            ("APP_DB_MAIN_PORT", "1"),
            ("APP_UP_0_HOST", "b"),
            ("APP_UP_0_PORT", "1"),
            ("APP_DB_OTHER_HOST", "c"),
            ("APP_DB_OTHER_PORT", "1"),
        ]),
        "  APP_DB_MAIN_HOST   read as db.main.host and as db_main_host; rename one of the keys\n\
         \x20 APP_DB_OTHER_HOST  read as db.other.host and as other; rename one of the keys\n\
         \x20 APP_UP_0_HOST      read as up.0.host and as up_0_host; rename one of the fields"
    );
    // Neither group is there, or nothing is set that two would read.
    load::<Beside>(&[("APP_DB_MAIN_HOST", "a"), ("APP_UP_0_HOST", "b")]);
    load::<Beside>(&[("APP_DB_MAIN_PORT", "1"), ("APP_UP_0_PORT", "1")]);
}

#[test]
fn keys_of_maps_in_maps_and_of_lists_in_maps_are_compared() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        zone: BTreeMap<String, Zone>,
        #[env(group)]
        zone_a: BTreeMap<String, Leaf>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Zone {
        value: Option<String>,
        #[env(group)]
        inner: BTreeMap<String, Leaf>,
        #[env(group)]
        at: Vec<Leaf>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Leaf {
        value: Option<String>,
    }

    assert_eq!(
        problems::<Outer>(&[
            ("APP_ZONE_A_VALUE", "1"),
            ("APP_ZONE_A_INNER_B_VALUE", "2"),
            ("APP_ZONE_X_VALUE", "3"),
            ("APP_ZONE_X_AT_0_VALUE", "4"),
        ]),
        "  APP_ZONE_A_INNER_B_VALUE  read as zone.a.inner.b.value and as zone_a.inner_b.value; \
         rename one of the keys"
    );
}

/// Only the variant that is selected reads its variables.
#[test]
fn a_variant_that_is_not_selected_reads_nothing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Stores {
        #[env(group)]
        store: BTreeMap<String, Store>,
        store_a_disk_path: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Store {
        #[env(default)]
        Memory,
        #[env(alias = "file")]
        Disk(Disk),
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Disk {
        path: String,
    }

    let with = |word| {
        let pairs = [("APP_STORE_A", word), ("APP_STORE_A_DISK_PATH", "/x")];
        Stores::from_source(pairs).map_err(|err| err.to_string())
    };
    let expected = Stores {
        store: BTreeMap::from([("a".to_owned(), Store::Memory)]),
        store_a_disk_path: Some("/x".into()),
    };
    assert_eq!(with("memory"), Ok(expected));
    for word in ["disk", "DISK", "file"] {
        assert_eq!(
            with(word),
            Err("1 problem with the environment:\n  \
                 APP_STORE_A_DISK_PATH  read as store.a.disk.path and as store_a_disk_path; \
                 rename one of the keys"
                .to_owned())
        );
    }
}

/// The file of a field, and a secret of a store, have a single reader too.
#[test]
fn files_and_secrets_have_one_reader() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only the problems are asked for")]
    struct Secrets {
        #[env(group)]
        db: BTreeMap<String, Keys>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only the problems are asked for")]
    struct Keys {
        key: Option<Secret<String>>,
        root_key: Option<Secret<String>>,
        size: Option<String>,
    }

    struct Store;

    impl SecretStore for Store {
        fn name(&self) -> std::borrow::Cow<'_, str> {
            "the store".into()
        }

        fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
            let secret = || Secret::new("hunter2".to_owned());
            Ok((request.key() == "db_a_root_key").then(|| secret().into()))
        }
    }

    let why = "read as db.a.root_key and as db.a_root.key; rename one of the keys";
    let sizes = [("APP_DB_A_SIZE", "1"), ("APP_DB_A_ROOT_SIZE", "2")];
    let stored = Secrets::loader().source(sizes).secrets(Store).load();
    assert_eq!(
        stored.unwrap_err().to_string(),
        format!("1 problem with the environment:\n  APP_DB_A_ROOT_KEY  {why}")
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    std::fs::write(&path, "hunter2").unwrap();
    let file = ("APP_DB_A_ROOT_KEY_FILE", path.to_str().unwrap());
    let pairs = [sizes[0], sizes[1], file];
    assert_eq!(
        problems::<Secrets>(&pairs),
        format!("  APP_DB_A_ROOT_KEY_FILE  {why}")
    );
}

/// Tables with names that are ambiguous in many ways: each combination of two inner tables is
/// a table of its own.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "shown by `Debug`")]
#[env(bound = "A: EnvConfig, B: EnvConfig")]
struct Node<A, B> {
    a: Option<String>,
    a_b: Option<String>,
    b_0_a: Option<String>,
    #[env(group)]
    c: BTreeMap<String, A>,
    #[env(group)]
    c_a: BTreeMap<String, B>,
    #[env(group)]
    b: Vec<A>,
    #[env(group, flatten)]
    d: Flat<B>,
    #[env(group)]
    e: Choice<A>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "shown by `Debug`")]
struct Flat<B> {
    #[env(group, prefix = "C_B")]
    inner: Option<B>,
    #[env(group, prefix = "A_C")]
    map: BTreeMap<String, B>,
}

#[derive(Debug, EnvConfig)]
enum Choice<A> {
    #[env(default)]
    A,
    #[env(alias = "c")]
    B(A),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "shown by `Debug`")]
struct Leaf {
    a: Option<String>,
    b_a: Option<String>,
    #[env(file)]
    c: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "shown by `Debug`")]
struct Needs {
    a: String,
    c_a: Option<Secret<String>>,
    #[env(group)]
    b: Vec<Leaf>,
}

/// Names of few words, so that many may be read twice.
fn name() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec!["A", "B", "C", "E", "0", "1", "00", "FILE"]);
    let words = proptest::collection::vec(words, 1..7);
    words.prop_map(|words| format!("APP_{}", words.join("_")))
}

/// Every value is unique, so that it shows which field has read it.
fn assert_one_reader<T: EnvConfig + Debug>(names: &[String]) {
    let pairs: Vec<(&str, String)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), format!("value{index}.")))
        .collect();
    let choices = [("APP_E", "b"), ("APP_C_A_E", "c")];
    let choices = choices.map(|(name, word)| (name, word.to_owned()));
    let pairs: Vec<_> = pairs.into_iter().chain(choices).collect();
    let Ok(config) = T::from_source(&pairs) else {
        return;
    };
    let shown = format!("{config:?}");
    for (name, value) in &pairs {
        if value.starts_with("value") {
            let readers = shown.matches(&format!("{value:?}")).count();
            assert!(readers < 2, "{name} has {readers} readers: {shown}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_variable_ever_has_two_readers(
        names in proptest::collection::btree_set(name(), 0..14),
    ) {
        let names: Vec<String> = names.into_iter().collect();
        assert_one_reader::<Node<Leaf, Leaf>>(&names);
        assert_one_reader::<Node<Leaf, Needs>>(&names);
        assert_one_reader::<Node<Needs, Leaf>>(&names);
        assert_one_reader::<Node<Node<Leaf, Leaf>, Needs>>(&names);
    }
}
