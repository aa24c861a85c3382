//! Documents: nothing in a document is lost, and nothing becomes another value.

use std::collections::BTreeMap;
use std::fmt::Debug;

use environ::{Document, EnvConfig, Secret, Warning};
use serde_json::{Value, json};

/// The config of a document that loads without a warning.
fn load<T: EnvConfig>(document: &Value) -> T {
    let document = Document::from_serialize("c.toml", document);
    let loaded = T::loader().source(document).load().unwrap();
    let warnings: Vec<String> = loaded.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(warnings, [""; 0]);
    loaded.config
}

/// The problems of a document that does not load.
fn problems<T: EnvConfig + Debug>(document: &Value) -> Vec<String> {
    let document = Document::from_serialize("c.toml", document);
    let err = T::from_source(document).unwrap_err();
    err.problems().map(ToString::to_string).collect()
}

#[derive(Debug, Default, PartialEq, EnvConfig)]
struct Lists {
    texts: Option<Vec<String>>,
    maybe: Option<Vec<Option<String>>>,
    array: Option<[String; 2]>,
    nested: Option<Vec<Vec<u8>>>,
    deep: Option<Vec<Vec<Vec<String>>>>,
    pairs: Option<Vec<(String, u8)>>,
    tuple: Option<(u8, Vec<String>)>,
    map: Option<BTreeMap<String, String>>,
    accept: Option<BTreeMap<String, Vec<String>>>,
    words: Option<Box<[Option<u8>; 3]>>,
    #[env(separator = " ")]
    spaced: Option<Vec<String>>,
    #[env(separator = "::")]
    doubled: Option<Vec<String>>,
    text: Option<String>,
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn lists_in_lists_are_the_lists_of_the_document() {
    let lists: Lists = load(&json!({
        "texts": ["a,b", "c\\"],
        "nested": [[1, 2], [3]],
        "deep": [[["a", "b,c"], ["d\\"]], [["e"]]],
        "pairs": [["a", 1], ["b", 2]],
        "tuple": [1, ["a", "b"]],
        "map": { "a": "1,2", "b": "" },
        "accept": { "x": ["a", "b"], "y": [], "z": "c,d" },
        "spaced": ["a", "b c"],
        "doubled": ["a", ":b"],
        "text": "a,b",
    }));
    let expected = Lists {
        texts: Some(texts(&["a,b", "c\\"])),
        nested: Some(vec![vec![1, 2], vec![3]]),
        deep: Some(vec![
            vec![texts(&["a", "b,c"]), texts(&["d\\"])],
            vec![texts(&["e"])],
        ]),
        pairs: Some(vec![("a".to_owned(), 1), ("b".to_owned(), 2)]),
        tuple: Some((1, texts(&["a", "b"]))),
        map: Some(BTreeMap::from([
            ("a".to_owned(), "1,2".to_owned()),
            ("b".to_owned(), String::new()),
        ])),
        accept: Some(BTreeMap::from([
            ("x".to_owned(), texts(&["a", "b"])),
            ("y".to_owned(), Vec::new()),
            ("z".to_owned(), texts(&["c", "d"])),
        ])),
        spaced: Some(texts(&["a", "b c"])),
        doubled: Some(texts(&["a", ":b"])),
        text: Some("a,b".to_owned()),
        ..Lists::default()
    };
    assert_eq!(lists, expected);
}

#[test]
fn empty_elements_stay_where_the_document_has_them() {
    let some = |text: &str| Some(text.to_owned());
    for (elements, expected) in [
        (json!(["a", null]), vec![some("a"), None]),
        (json!([null]), vec![None]),
        (json!(["", "a", ""]), vec![None, some("a"), None]),
    ] {
        let lists: Lists = load(&json!({ "maybe": elements }));
        assert_eq!(lists.maybe, Some(expected));
    }
    let lists: Lists = load(&json!({ "words": [null, 1, null] }));
    assert_eq!(lists.words, Some(Box::new([None, Some(1), None])));

    for (document, problem) in [
        (
            json!({ "texts": ["a", ""] }),
            "APP_TEXTS: \"a,,\" in c.toml: element 2 is empty",
        ),
        (
            json!({ "texts": [""] }),
            "APP_TEXTS: \",\" in c.toml: element 1 is empty",
        ),
        (
            json!({ "array": ["", "b"] }),
            "APP_ARRAY: \",b\" in c.toml: element 1 is empty",
        ),
        (
            json!({ "nested": [[1], []] }),
            "APP_NESTED: \"1,,\" in c.toml: element 2 is empty",
        ),
    ] {
        assert_eq!(problems::<Lists>(&document), [problem]);
    }
}

#[test]
fn a_value_that_no_text_says_is_a_problem_with_its_key() {
    let padded = "begins or ends with white space, which a list or a map does not keep; remove the white space";
    for (document, problem) in [
        (json!({ "texts": ["a", " b "] }), format!("`texts[1]` {padded}")),
        (json!({ "tuple": [1, ["a", "b\n"]] }), format!("`tuple[1][1]` {padded}")),
        (json!({ "map": { "a": " c " } }), format!("`map.a` {padded}")),
        (json!({ "accept": { "a": ["b", " c"] } }), format!("`accept.a[1]` {padded}")),
        (
            json!({ "map": { "a=b": "c" } }),
            "`map.a=b` has a `=` in its key, where the key would end; rename it".to_owned(),
        ),
        (
            json!({ "map": { " a": "c" } }),
            "`map. a` has white space around its key, which a map does not keep; remove it".to_owned(),
        ),
        (
            json!({ "spaced": ["a", ""] }),
            "`spaced[1]` is empty, which white space between elements does not keep; remove the element"
                .to_owned(),
        ),
        (
            json!({ "doubled": ["a:", "b"] }),
            "`doubled[0]` cannot be told from the separator \"::\" beside it; change the value".to_owned(),
        ),
        (
            json!({ "text": ["a"] }),
            "`text` is a list, where a single value is expected".to_owned(),
        ),
        (
            json!({ "texts": [["a", "b"]] }),
            "`texts[0]` is a list, where a single value is expected".to_owned(),
        ),
        (
            json!({ "text": {} }),
            "`text` is an object, where a single value is expected".to_owned(),
        ),
        (
            json!({ "texts": { "a": 1 } }),
            "`texts` is an object, where a list is expected".to_owned(),
        ),
    ] {
        assert_eq!(problems::<Lists>(&document), [format!("c.toml: {problem}")]);
    }
    let document = json!({ "accept": { "a ": [" b", "c "], "d": "e" } });
    assert_eq!(problems::<Lists>(&document).len(), 3, "each is reported");
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Hidden {
    tokens: Secret<BTreeMap<String, String>>,
}

#[test]
fn a_key_below_a_secret_is_hidden() {
    let problems = problems::<Hidden>(&json!({ "tokens": { "hunter2": " c " } }));
    assert_eq!(
        problems,
        [
            "c.toml: `tokens` begins or ends with white space, which a list or a map does not keep; remove the white space",
        ]
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Defaults {
    #[env(default = "a,b")]
    list: Vec<String>,
    #[env(default = "a=1")]
    map: BTreeMap<String, u8>,
    #[env(default = "a", non_empty)]
    full: Vec<String>,
    #[env(default = 0.5)]
    ratio: f64,
    #[env(default = "1")]
    ratios: Vec<f32>,
}

#[test]
fn an_empty_list_is_no_default() {
    let defaults: Defaults = load(&json!({ "list": [], "map": {} }));
    let (list, map, full) = (Vec::new(), BTreeMap::new(), texts(&["a"]));
    let (ratio, ratios) = (0.5, vec![1.0]);
    assert_eq!(
        defaults,
        Defaults {
            list,
            map,
            full,
            ratio,
            ratios
        }
    );
    assert_eq!(
        problems::<Defaults>(&json!({ "full": [] })),
        ["APP_FULL: \" \" in c.toml is refused: it must not be empty"]
    );
    let lists: Lists = load(&json!({ "texts": [], "map": {} }));
    assert_eq!(
        (lists.texts, lists.map),
        (Some(Vec::new()), Some(BTreeMap::new()))
    );
}

#[test]
fn infinity_is_the_number_of_the_document() {
    let table: toml::Table = "ratio = inf\nratios = [-inf, 1.5, nan]".parse().unwrap();
    let defaults = Defaults::from_source(Document::from_serialize("c.toml", &table)).unwrap();
    assert_eq!(
        (defaults.ratio, &defaults.ratios[..2]),
        (f64::INFINITY, &[f32::NEG_INFINITY, 1.5][..])
    );
    assert!(defaults.ratios[2].is_nan());
}

/// As the flags of a command line are, in a struct.
#[test]
fn numbers_of_every_width_are_those_of_the_document() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Wide {
        most: u128,
        least: i128,
        ratio: f32,
        text: String,
        ratios: Vec<f64>,
    }
    #[derive(serde::Serialize)]
    struct Flags {
        most: u128,
        least: i128,
        ratio: f32,
        text: f32,
        ratios: [f32; 2],
    }

    let flags = Flags {
        most: u128::MAX,
        least: i128::MIN,
        ratio: 0.1,
        text: 0.1,
        ratios: [0.1, 1e30],
    };
    let loaded = Wide::from_source(Document::from_serialize("flags", &flags)).unwrap();
    let expected = Wide {
        most: u128::MAX,
        least: i128::MIN,
        ratio: 0.1,
        text: "0.1".to_owned(),
        ratios: vec![0.1, 1e30],
    };
    assert_eq!(loaded, expected);
}

#[test]
fn a_flag_that_is_false_is_not_there() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(present)]
        verbose: bool,
    }

    for (value, verbose) in [
        (json!(false), false),
        (json!(null), false),
        (json!(true), true),
        (json!("false"), true),
    ] {
        assert_eq!(load::<Cfg>(&json!({ "verbose": value })), Cfg { verbose });
    }
    // A lower layer may have it.
    let flags = Document::from_serialize("flags", &json!({ "verbose": false }));
    let layers = Cfg::loader().source(flags).source([("APP_VERBOSE", "1")]);
    assert!(layers.load().unwrap().config.verbose);
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Groups {
    #[env(group)]
    peers: Vec<Peer>,
    #[env(group)]
    by: BTreeMap<String, Peer>,
    #[env(group, selector = "TYPE")]
    stores: Vec<Store>,
    #[env(group)]
    optional: Vec<Optional>,
    #[env(default = 0.5)]
    ratio: f64,
    #[env(group, flatten)]
    flat: Flat,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Peer {
    host: Option<String>,
    #[env(group)]
    net: PeerNet,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct PeerNet {
    #[env(default = 80)]
    port: u16,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Store {
    #[env(default)]
    Memory,
    #[env(alias = "fs")]
    Disk(Dir),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Dir {
    path: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Optional {
    host: Option<String>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Flat {
    #[env(default = 1)]
    backlog: u16,
}

#[test]
fn a_group_without_a_member_has_the_defaults() {
    let peer = |port| Peer {
        host: None,
        net: PeerNet { port },
    };
    let groups: Groups = load(&json!({
        "peers": [{}, { "net": { "port": 1 } }, { "host": null }, { "host": "" }, { "hots": "x" }],
        "by": { "main": {}, "none": null },
        "stores": [{}, "memory", { "fs": { "path": "/a" } }, { "type": "fs", "disk": { "path": "/b" } }],
    }));
    assert_eq!(groups.peers, [80, 1, 80, 80, 80].map(peer));
    assert_eq!(groups.by, BTreeMap::from([("main".to_owned(), peer(80))]));
    let disk = |path: &str| {
        Store::Disk(Dir {
            path: path.to_owned(),
        })
    };
    let stores = [Store::Memory, Store::Memory, disk("/a"), disk("/b")];
    assert_eq!(groups.stores, stores);

    let missing = "has no member that is set; write a member, or remove it";
    assert_eq!(
        problems::<Groups>(&json!({
            "optional": [{}, { "host": "" }, { "hots": "x" }],
            "peers": [null],
        })),
        [
            format!("c.toml: `optional[0]` {missing}"),
            format!("c.toml: `optional[1]` {missing}"),
            format!("c.toml: `optional[2]` {missing}"),
            format!("c.toml: `peers[0]` {missing}"),
        ]
    );
}

#[test]
fn two_keys_of_one_field_are_a_problem() {
    for (document, problem) in [
        (
            json!({ "ratio": 1.0, "RATIO": 2.0 }),
            "`ratio` is the same key as `RATIO`; remove one of them",
        ),
        (
            json!({ "by": { "eu": { "host": "a" }, "EU": { "host": "b" } } }),
            "`by.eu` is the same key as `by.EU`; remove one of them",
        ),
        (
            json!({ "by": { "a-b": { "host": "a" }, "a_b": { "net": { "port": 1 } } } }),
            "`by.a_b` is the same key as `by.a-b`; remove one of them",
        ),
        (
            json!({ "peers": [{ "host": "a", "Host": "b" }] }),
            "`peers[0].host` is the same key as `peers[0].Host`; remove one of them",
        ),
        (
            json!({ "backlog": 1, "flat": { "backlog": 2 } }),
            "`flat.backlog` sets APP_BACKLOG, which another member sets too; remove one of them",
        ),
    ] {
        let expected = [format!("c.toml: {problem}")];
        assert_eq!(problems::<Groups>(&document), expected);
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Outer {
    #[env(group, flatten)]
    a: Middle,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Middle {
    #[env(group, flatten)]
    b: Inner,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Inner {
    #[env(name = "PORT")]
    port: u16,
    tags: Vec<String>,
    #[env(group)]
    l: Vec<Dir>,
    #[env(group, prefix = "LOGGING")]
    log: Dir,
}

#[test]
fn fields_are_found_in_flattened_groups_of_flattened_groups() {
    let inner = json!({
        "port": 80,
        "tags": ["a", "b"],
        "l": [{ "path": "c" }],
        "log": { "path": "d" },
    });
    let dir = |path: &str| Dir {
        path: path.to_owned(),
    };
    let expected = || Inner {
        port: 80,
        tags: texts(&["a", "b"]),
        l: vec![dir("c")],
        log: dir("d"),
    };
    for document in [
        inner.clone(),
        json!({ "b": inner }),
        json!({ "a": inner }),
        json!({ "a": { "b": inner } }),
    ] {
        assert_eq!(load::<Outer>(&document).a.b, expected(), "{document}");
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Stores {
    #[env(group, selector = "TYPE")]
    store: Store,
    #[env(group, switch = "ON")]
    cache: Option<Dir>,
}

#[test]
fn a_variant_is_its_word_or_an_object_with_the_word() {
    for store in [json!("fs"), json!("disk")] {
        let document = json!({ "store": store });
        let path = problems::<Stores>(&document);
        assert_eq!(
            path,
            ["APP_STORE_DISK_PATH: not set; required because APP_STORE_TYPE is disk"]
        );
    }
    for (document, expected) in [
        (json!({ "store": "memory" }), Store::Memory),
        (json!({ "store": { "memory": {} } }), Store::Memory),
        (
            json!({ "store": { "FS": { "path": "a" } } }),
            Store::Disk(Dir {
                path: "a".to_owned(),
            }),
        ),
    ] {
        let stores: Stores = load(&document);
        assert_eq!(stores.store, expected, "{document}");
    }
    let document = json!({ "store": "memory", "cache": true });
    assert_eq!(
        problems::<Stores>(&document),
        ["APP_CACHE_PATH: not set; required because APP_CACHE_ON is true"]
    );
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Keys {
    #[env(group)]
    log: Level,
    #[env(group)]
    peers: Vec<Peer>,
    #[env(group, selector = "TYPE")]
    store: Store,
    #[env(name = "RUST_LOG", alias = "APP_FILTER", default)]
    filter: String,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Level {
    level: String,
}

#[test]
fn the_name_of_a_variable_as_a_key_is_reported_with_the_key_to_write() {
    let document = json!({
        "APP_LOG_LEVEL": "debug",
        "APP_PEERS_0_NET_PORT": 1,
        "APP_STORE_TYPE": "memory",
        "log": { "rust_log": "debug" },
        "app_filter": "debug",
        "APP_LOGS": 1,
        "APP_PEERS_HOST": "a",
    });
    let document = Document::from_serialize("c.toml", &document);
    let err = Keys::loader().source(document).strict().load().unwrap_err();
    assert_eq!(
        err.to_string(),
        "\
7 problems with the environment:
  APP_LOG_LEVEL             not set
                            APP_APP_LOG_LEVEL is set in c.toml but not read; write the key `log.level`
  APP_APP_FILTER            set in c.toml, but no field reads it; write the key `filter`
  APP_APP_LOGS              set in c.toml, but no field reads it; remove it
  APP_APP_PEERS_0_NET_PORT  set in c.toml, but no field reads it; write the key `peers[0].net.port`
  APP_APP_PEERS_HOST        set in c.toml, but no field reads it; remove it
  APP_APP_STORE_TYPE        set in c.toml, but no field reads it; write the key `store.type`
  APP_LOG_RUST_LOG          set in c.toml, but no field reads it; write the key `filter`"
    );
}
