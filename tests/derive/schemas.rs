//! The schemas of an environment: JSON Schema, and that of varlock.

use std::collections::BTreeMap;

use environ::{EnvConfig, EnvValue, Secret};
use serde_json::{Value, json};

/// A shop.
#[derive(EnvConfig)]
#[env(removed("APP_OLD", "use APP_NAME"))]
#[expect(dead_code, reason = "only its help is asked for")]
struct Shop {
    /// The name.
    #[env(example = "Corner", deprecated = "APP_TITLE")]
    name: String,
    #[env(allow_empty)]
    motd: String,
    #[env(file)]
    greeting: String,
    token: Secret<String>,
    #[env(default = 8000)]
    port: u16,
    #[env(default = "big-one")]
    size: Size,
    sizes: Option<Vec<Size>>,
    #[env(allow_empty)]
    last_size: Option<Size>,
    #[env(default = true)]
    open: bool,
    #[env(default = false, truthy)]
    loud: bool,
    #[env(group)]
    store: Store,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    by: BTreeMap<String, Up>,
}

#[derive(EnvValue)]
enum Size {
    #[env(alias = "s+")]
    Small,
    BigOne,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
enum Store {
    Memory,
    Disk(Disk),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Disk {
    path: String,
    key: Secret<String>,
    limit: Option<String>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Up {
    host: String,
}

#[test]
fn a_schema_has_each_name_and_the_conditions_under_which_it_is_required() {
    let schema: Value = serde_json::from_str(&Shop::help().to_json_schema()).unwrap();
    let is_set = |name: &str, length: u8| json!({ "required": [name], "properties": { name: { "minLength": length } } });
    let chosen = json!({ "anyOf": [{ "pattern": "^\\s*[dD][iI][sS][kK]\\s*$" }] });
    assert_eq!(
        schema,
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Shop",
            "description": "A shop.",
            "type": "object",
            "properties": properties(),
            "patternProperties": {
                "^APP_UP_[0-9]+_HOST$": { "type": "string" },
                "^APP_BY_.+_HOST$": { "type": "string" },
            },
            // A store may have the secrets, and a name of other variables may be set instead.
            "required": ["APP_MOTD", "APP_STORE"],
            "allOf": [
                { "anyOf": [is_set("APP_NAME", 1), is_set("APP_TITLE", 1)] },
                { "anyOf": [is_set("APP_MOTD", 0)] },
                { "anyOf": [is_set("APP_GREETING", 1), is_set("APP_GREETING_FILE", 1)] },
                { "anyOf": [is_set("APP_STORE", 1)] },
                {
                    "if": { "required": ["APP_STORE"], "properties": { "APP_STORE": chosen } },
                    "then": { "anyOf": [is_set("APP_STORE_DISK_PATH", 1)] },
                },
            ],
        })
    );
}

/// JavaScript, whose syntax a schema has, knows no other escapes.
#[test]
fn the_pattern_of_a_word_escapes_what_has_a_meaning() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        kind: Kind,
    }

    #[derive(EnvValue)]
    enum Kind {
        #[env(rename = "text/x-c#; a=\"1\"")]
        Text,
        #[env(rename = "É+ß_")]
        Other,
    }

    let schema: Value = serde_json::from_str(&Cfg::help().to_json_schema()).unwrap();
    let kind = &schema["properties"]["APP_KIND"]["anyOf"];
    let text = "^\\s*[tT][eE][xX][tT]\\/[xX][-_][cC]#; [aA]=\"1\"\\s*$";
    let other = "^\\s*[éÉ]\\+ß[-_]\\s*$";
    let expected = format!("^$|{text}|{other}");
    assert_eq!(kind[1]["pattern"], Value::from(expected));
}

/// The name `APP_BY_EU_POOL_SIZE` matches each of the patterns of the map.
#[test]
fn a_schema_judges_no_text_by_a_pattern_that_other_names_match() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        by: BTreeMap<String, Kind>,
        #[env(group)]
        of: Vec<Pool>,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    enum Kind {
        None,
        #[env(flatten)]
        Pool(Pool),
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Pool {
        size: u8,
        pool_size: String,
    }

    let schema: Value = serde_json::from_str(&Cfg::help().to_json_schema()).unwrap();
    let patterns = &schema["patternProperties"];
    for pattern in ["^APP_BY_.+$", "^APP_BY_.+_SIZE$", "^APP_BY_.+_POOL_SIZE$"] {
        let of_name = patterns[pattern].as_object().unwrap();
        let members: Vec<&String> = of_name.keys().collect();
        let expected = ["description", "type"];
        assert_eq!(members[members.len() - 1], "type", "{pattern}");
        assert!(members.iter().all(|it| expected.contains(&it.as_str())));
    }
    let number = json!("^[^A-Za-z]*$");
    assert_eq!(patterns["^APP_OF_[0-9]+_SIZE$"]["pattern"], number);
    // The schema of schemas has a list of one schema at least.
    assert_eq!(schema.get("allOf"), None);
}

/// What nothing reads may be anything.
#[test]
fn a_schema_judges_a_text_only_where_it_is_read() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        store: Outer,
        #[env(group, switch = "ON")]
        cache: Option<Cache>,
        #[env(group)]
        db: Option<Cache>,
        #[env(group)]
        peers: Vec<Outer>,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    enum Outer {
        None,
        Tree(Tree),
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Tree {
        #[env(group)]
        leaf: Leaf,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    enum Leaf {
        None,
        Sized(Sized),
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Sized {
        size: u16,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cache {
        size: u16,
    }

    let schema: Value = serde_json::from_str(&Cfg::help().to_json_schema()).unwrap();
    let property = |name: &str| &schema["properties"][name];
    let number = json!("^[^A-Za-z]*$");
    assert_eq!(property("APP_DB_SIZE")["pattern"], number);
    assert_eq!(property("APP_CACHE_SIZE")["pattern"], Value::Null);
    assert_eq!(
        property("APP_STORE_TREE_LEAF_SIZED_SIZE")["pattern"],
        Value::Null
    );
    let of_peers = "^APP_PEERS_[0-9]+_TREE_LEAF_SIZED_SIZE$";
    assert_eq!(
        schema["patternProperties"][of_peers]["pattern"],
        Value::Null
    );
    let chosen = |selector: &str, word: &str| {
        json!({
            "required": [selector],
            "properties": { selector: { "anyOf": [{ "pattern": word }] } },
        })
    };
    let tree = chosen("APP_STORE", "^\\s*[tT][rR][eE][eE]\\s*$");
    let sized = chosen("APP_STORE_TREE_LEAF", "^\\s*[sS][iI][zZ][eE][dD]\\s*$");
    let within = |name: &str| json!({ "properties": { name: { "pattern": number } } });
    let rules: Vec<&Value> = schema["allOf"].as_array().unwrap().iter().collect();
    let inner = json!({
        "if": { "allOf": [tree, sized] },
        "then": within("APP_STORE_TREE_LEAF_SIZED_SIZE"),
    });
    assert!(rules.contains(&&inner), "{schema:#}");
    let on = chosen("APP_CACHE_ON", "^\\s*[tT][rR][uU][eE]\\s*$");
    let cache = json!({ "if": on, "then": within("APP_CACHE_SIZE") });
    assert!(rules.contains(&&cache), "{schema:#}");
}

fn properties() -> Value {
    json!({
        "APP_NAME": {
            "type": "string",
            "description": "The name. Deprecated: APP_TITLE.",
            "examples": ["Corner"],
        },
        "APP_TITLE": {
            "type": "string",
            "description": "The name. Deprecated: APP_TITLE.",
            "examples": ["Corner"],
            "deprecated": true,
        },
        "APP_MOTD": { "type": "string", "description": "May be empty." },
        "APP_GREETING": { "type": "string", "description": "Or a file: APP_GREETING_FILE." },
        "APP_GREETING_FILE": { "type": "string", "description": "File that holds APP_GREETING." },
        "APP_TOKEN": {
            "type": "string",
            "description": "Or a file: APP_TOKEN_FILE.",
            "writeOnly": true,
        },
        "APP_TOKEN_FILE": { "type": "string", "description": "File that holds APP_TOKEN." },
        "APP_PORT": { "type": "string", "default": "8000", "pattern": "^[^A-Za-z]*$" },
        "APP_SIZE": {
            "type": "string",
            "description": "One of: small, big-one.",
            "default": "big-one",
            "anyOf": [
                { "enum": ["small", "big-one"] },
                {
                    "pattern": "^$\
                        |^\\s*[sS][mM][aA][lL][lL]\\s*$\
                        |^\\s*[bB][iI][gG][-_][oO][nN][eE]\\s*$\
                        |^\\s*[sS]\\+\\s*$",
                },
            ],
        },
        "APP_SIZES": { "type": "string", "description": "Each one of: small, big-one." },
        "APP_LAST_SIZE": {
            "type": "string",
            "description": "One of: small, big-one. May be empty.",
        },
        "APP_OPEN": {
            "type": "string",
            "description": "One of: true, false, yes, no, on, off, 1, 0.",
            "default": "true",
            "anyOf": [
                { "enum": ["true", "false", "yes", "no", "on", "off", "1", "0"] },
                {
                    "pattern": "^$\
                        |^\\s*[tT][rR][uU][eE]\\s*$|^\\s*[fF][aA][lL][sS][eE]\\s*$\
                        |^\\s*[yY][eE][sS]\\s*$|^\\s*[nN][oO]\\s*$\
                        |^\\s*[oO][nN]\\s*$|^\\s*[oO][fF][fF]\\s*$\
                        |^\\s*1\\s*$|^\\s*0\\s*$|^\\s*[fF]\\s*$|^\\s*[nN]\\s*$\
                        |^\\s*[tT]\\s*$|^\\s*[yY]\\s*$",
                },
            ],
        },
        "APP_LOUD": {
            "type": "string",
            "description": "On if true, yes or 1; off if any other text.",
            "default": "false",
        },
        "APP_STORE": {
            "type": "string",
            "description": "One of: memory, disk.",
            "anyOf": [
                { "enum": ["memory", "disk"] },
                {
                    "pattern": "^$\
                        |^\\s*[mM][eE][mM][oO][rR][yY]\\s*$\
                        |^\\s*[dD][iI][sS][kK]\\s*$",
                },
            ],
        },
        "APP_STORE_DISK_PATH": { "type": "string" },
        "APP_STORE_DISK_KEY": {
            "type": "string",
            "description": "Or a file: APP_STORE_DISK_KEY_FILE.",
            "writeOnly": true,
        },
        "APP_STORE_DISK_KEY_FILE": {
            "type": "string",
            "description": "File that holds APP_STORE_DISK_KEY.",
        },
        "APP_STORE_DISK_LIMIT": {
            "type": "string",
            "description": "Read only if APP_STORE=disk.",
        },
        "APP_OLD": { "deprecated": true, "description": "No longer read; use APP_NAME." },
    })
}

#[test]
fn a_schema_for_varlock_has_the_type_of_each_variable_and_whether_it_is_required() {
    assert_eq!(
        Shop::help().to_env_schema(),
        "\
# @defaultRequired=false @defaultSensitive=false
# ---

# The name. Deprecated: APP_TITLE.
# @type=string
APP_NAME=

# May be empty.
# @type=string @required
APP_MOTD=

# Or a file: APP_GREETING_FILE.
# @type=string
APP_GREETING=

# Or a file: APP_TOKEN_FILE.
# @type=string @sensitive
APP_TOKEN=

# @type=number
APP_PORT='8000'

# One of: small, big-one.
# @type=enum('small', 'big-one', 's+')
APP_SIZE='big-one'

# Each one of: small, big-one.
# @type=string
APP_SIZES=

# One of: small, big-one. May be empty.
# @type=enum('small', 'big-one', 's+')
APP_LAST_SIZE=

# One of: true, false, yes, no, on, off, 1, 0.
# @type=enum('true', 'false', 'yes', 'no', 'on', 'off', '1', '0')
APP_OPEN='true'

# On if true, yes or 1; off if any other text.
# @type=boolean
APP_LOUD='false'

# One of: memory, disk.
# @type=enum('memory', 'disk') @required
APP_STORE=

# @type=string @required=eq($APP_STORE, 'disk')
APP_STORE_DISK_PATH=

# Or a file: APP_STORE_DISK_KEY_FILE.
# @type=string @sensitive
APP_STORE_DISK_KEY=

# Read only if APP_STORE=disk.
# @type=string
APP_STORE_DISK_LIMIT=

# @type=string
APP_UP_0_HOST=

# @type=string
APP_BY_MAIN_HOST=

# APP_OLD: No longer read; use APP_NAME.
"
    );
}
