//! Words of similar crates, each with the key that is meant, or with a remedy.

use super::place::Place;

/// The remedy for words on a place. `{}` is the value that the user wrote, or `"..."`.
pub(super) type Row = (&'static [&'static str], &'static str);

/// Words on a field: of clap, structopt, envconfig, confique, conf, envy and serde, figment,
/// procenv, pydantic, environ-config and similar crates.
const ON_FIELDS: &[Row] = &[
    (
        &[
            "default_value",
            "default_val",
            "default_str",
            "default_text",
            "default_value_os",
            "default_missing_value",
            "or",
            "fallback",
        ],
        "write `default = {}`",
    ),
    (
        &["default_value_t", "default_values_t", "default_expr"],
        "write `default = \"...\"`, the text that the variable would hold, or `default_fn = path`",
    ),
    (
        &["default_values", "default_list"],
        "write `default = \"a,b\"`, the text that the variable would hold",
    ),
    (
        &[
            "default_with",
            "default_function",
            "factory",
            "default_factory",
            "or_else",
        ],
        "write `default_fn = path`",
    ),
    (
        &[
            "nested",
            "nest",
            "subcommand",
            "embed",
            "embedded",
            "inline",
            "section",
            "sub",
            "subconfig",
            "sub_config",
            "child",
            "recurse",
            "command",
            "config",
        ],
        "write `group`",
    ),
    (
        &[
            "from",
            "env",
            "var",
            "variable",
            "env_name",
            "env_var",
            "envvar",
            "var_name",
            "rename",
            "named",
            "source",
            "validation_alias",
        ],
        "write `name = {}` for another variable than the field's own",
    ),
    (
        &[
            "env_aliases",
            "alternative",
            "fallback_env",
            "or_env",
            "also",
            "synonym",
        ],
        "write `alias = {}`",
    ),
    (
        &["required", "mandatory", "require", "is_required"],
        "remove it: a field is required unless it is an `Option` or has a `default`",
    ),
    (
        &["optional", "not_required", "nullable", "is_optional"],
        "write the type as `Option<...>`",
    ),
    (
        &[
            "skip_deserializing",
            "skip_serializing",
            "skip_serializing_if",
            "skip_de",
            "ignore",
            "exclude",
            "skip_env",
            "no_env",
        ],
        "write `skip`",
    ),
    (
        &[
            "parse_env",
            "parser",
            "parse_with",
            "parse_fn",
            "with",
            "deserialize_with",
            "deserialize",
            "try_from_str",
            "from_str",
            "try_from",
            "convert",
            "converter",
            "transform",
            "map",
            "value_parser",
        ],
        "write `parse = path`, or implement `FromStr` for the type",
    ),
    (
        &[
            "validator",
            "validation",
            "validate_with",
            "validate_fn",
            "check",
            "assert",
            "custom",
            "must",
        ],
        "write `validate = path`",
    ),
    (
        &[
            "sep",
            "delimiter",
            "value_delimiter",
            "use_value_delimiter",
            "use_delimiter",
            "split",
            "list_sep",
            "list_separator",
            "env_delim",
            "separated_by",
        ],
        "write `separator = \",\"`",
    ),
    (
        &[
            "sensitive",
            "redact",
            "redacted",
            "hidden",
            "hide",
            "hide_env_values",
            "hide_env",
            "hide_default_value",
            "private",
            "mask",
            "masked",
            "confidential",
            "password",
        ],
        "write `secret`",
    ),
    (
        &[
            "doc",
            "docs",
            "desc",
            "description",
            "about",
            "long_about",
            "long_help",
            "comment",
            "usage",
            "value_name",
            "help_heading",
            "title",
        ],
        "write a doc comment, or `help = {}`",
    ),
    (
        &[
            "min", "max", "gt", "ge", "lt", "le", "between", "minimum", "maximum", "in_range",
            "bounds",
        ],
        "write `range = 1..=64`",
    ),
    (
        &[
            "length",
            "size",
            "min_length",
            "max_length",
            "min_len",
            "max_len",
            "min_items",
            "max_items",
        ],
        "write `len = 1..=64`",
    ),
    (
        &["regex", "pattern", "matches"],
        "write `validate = path`, a function that checks the value",
    ),
    (
        &[
            "not_empty",
            "nonempty",
            "non_blank",
            "no_empty",
            "deny_empty",
        ],
        "write `non_empty`",
    ),
    (
        &[
            "keep_empty",
            "accept_empty",
            "empty",
            "allow_blank",
            "may_be_empty",
        ],
        "write `allow_empty`",
    ),
    (
        &[
            "value_enum",
            "arg_enum",
            "possible_values",
            "choices",
            "values",
            "one_of",
            "variants",
        ],
        "derive `EnvValue` for the type, an enum of words",
    ),
    (
        &["serde", "from_json", "as_json"],
        "write `json` where the variable holds JSON",
    ),
    (
        &[
            "long",
            "short",
            "arg",
            "flag",
            "index",
            "parameter",
            "repeat",
            "positional",
            "value_hint",
            "num_args",
            "action",
            "group_id",
        ],
        "remove it: there is no command line",
    ),
    (
        &["env_prefix", "no_prefix"],
        "write `prefix = {}` on a `group`, or `name = \"...\"` for a name without the prefix",
    ),
    (
        &["from_file", "path", "file_env", "secret_file"],
        "write `file`, which reads `NAME_FILE` too",
    ),
    (
        &["obsolete", "legacy", "old_name", "renamed_from", "was"],
        "write `deprecated = {}`",
    ),
    (&["conflicts_with"], "write `conflicts = {}`"),
    (
        &["conflicts_with_all", "exclusive"],
        "write `conflicts(a, b)`, with the names of fields",
    ),
    (
        &["requires_all", "requires_ifs"],
        "write `requires(a, b)`, with the names of fields",
    ),
    (
        &[
            "required_if",
            "required_unless",
            "required_if_eq",
            "overrides_with",
        ],
        "write a rule such as `#[env(one_of(a, b))]` or `#[env(validate = path)]` on the struct",
    ),
    (&["sample", "placeholder", "demo"], "write `example = {}`"),
    (&["rename_all", "case", "upper", "uppercase"], NO_CASE),
];

/// Words on a struct.
const ON_STRUCTS: &[Row] = &[
    (
        &[
            "env_nested_delimiter",
            "nested_delimiter",
            "separator",
            "split",
        ],
        "write `delimiter = {}`",
    ),
    (
        &["env_prefix", "namespace", "prefixed", "root", "scope"],
        "write `prefix = {}`",
    ),
    (
        &["deny_unknown_fields", "strict", "forbid_extra", "extra"],
        "call `AppConfig::loader().strict()`",
    ),
    (
        &[
            "validator",
            "validate_with",
            "validation",
            "check",
            "assert",
            "post_init",
        ],
        "write `validate = path`",
    ),
    (
        &[
            "rename_all",
            "case",
            "upper",
            "uppercase",
            "rename_all_fields",
        ],
        NO_CASE,
    ),
    (
        &["default", "serde"],
        "remove it: each field has its own `default`",
    ),
    (&["one_of_fields"], "write `one_of(a, b)`"),
    (&["at_most_one_of_fields"], "write `at_most_one_of(a, b)`"),
    (&["at_least_one_of_fields"], "write `at_least_one_of(a, b)`"),
    (
        &[
            "about",
            "author",
            "version",
            "long_about",
            "name",
            "help",
            "doc",
            "description",
        ],
        "write a doc comment",
    ),
    (&["krate", "environ"], "write `crate = path`"),
];

/// Words on an enum and on its variants.
const ON_ENUMS: &[Row] = &[
    (
        &["serialize_all", "case", "rename_case", "spelling"],
        "write `rename_all = {}`",
    ),
    (
        &["tag", "untagged", "content", "discriminator"],
        "remove it: the variable of the group selects the variant by its word",
    ),
    (
        &["ascii_case_insensitive", "ignore_case", "case_insensitive"],
        "remove it: words are read in any letter case",
    ),
];

/// Words on an enum that is a group.
const ON_ONE_OF: &[Row] = &[(&["env_prefix", "namespace"], "write `prefix = {}`")];

const ON_VARIANTS: &[Row] = &[
    (
        &[
            "name",
            "value",
            "serialize",
            "to_string",
            "word",
            "string",
            "text",
            "from",
            "env",
        ],
        "write `rename = {}`",
    ),
    (
        &["aliases", "other", "also", "synonym"],
        "write `alias = {}`",
    ),
    (
        &["skip", "skip_deserializing", "hide", "ignore", "disabled"],
        "remove the variant: each variant has a word",
    ),
    (
        &["default"],
        "write `#[env(default = \"...\")]` on the field that holds the word",
    ),
    (
        &["nested", "flatten", "group"],
        "remove it: a variant with a field is a group",
    ),
    (&["help", "doc", "description"], "write a doc comment"),
];

const NO_CASE: &str = "remove it: names of variables are in upper case, and `name = \"...\"` \
                       is taken as it is written";

/// Returns the remedy for a word of another crate.
pub(super) fn remedy(place: Place, word: &str) -> Option<&'static str> {
    let tables: &[&[Row]] = match place {
        Place::Field => &[ON_FIELDS],
        Place::Struct => &[ON_STRUCTS],
        Place::OneOf => &[ON_ENUMS, ON_ONE_OF],
        Place::Words => &[ON_ENUMS],
        Place::Choice | Place::Word => &[ON_VARIANTS],
    };
    let mut rows = tables.iter().copied().flatten();
    let row = rows.find(|(words, _)| words.contains(&word));
    row.map(|(_, remedy)| *remedy)
}

/// Every table with its place.
#[cfg(test)]
pub(super) const TABLES: [(Place, &[Row]); 7] = [
    (Place::Field, ON_FIELDS),
    (Place::Struct, ON_STRUCTS),
    (Place::OneOf, ON_ENUMS),
    (Place::OneOf, ON_ONE_OF),
    (Place::Words, ON_ENUMS),
    (Place::Choice, ON_VARIANTS),
    (Place::Word, ON_VARIANTS),
];

#[cfg(test)]
mod tests {
    use super::TABLES;

    #[test]
    fn no_word_has_two_remedies() {
        for (_, rows) in TABLES {
            let words: Vec<_> = rows.iter().flat_map(|(words, _)| *words).collect();
            for (at, word) in words.iter().enumerate() {
                assert!(!words[..at].contains(word), "{word}");
            }
        }
    }
}
