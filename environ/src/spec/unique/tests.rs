//! The check at run time, where it can be told from no check at all: what the
//! compiler shows of it is in `tests/ui`.

use super::{assert_unique, assert_unique_in_group, check, UNKNOWN};
use crate::spec::{Details, Item, Spec};
use crate::value::Form;

const TEXT: &Form = &Form::text();

/// What stops the compiler, if anything does.
fn complaint(items: &[Item], root: &'static str) -> Option<String> {
    let items: &'static [Item] = Box::leak(items.into());
    let spec: &'static Spec = Box::leak(Box::new(Spec::new("Cfg", items)));
    message(move || check(spec, root))
}

fn message(check: impl FnOnce() + Send + 'static) -> Option<String> {
    // The larger tables are too large for the stack of a test.
    let checked = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(check)
        .unwrap();
    let panic = checked.join().err()?;
    Some(panic.downcast_ref::<String>().unwrap().clone())
}

fn both_read(one: &str, other: &str, name: &str) -> String {
    let remedy = if one.contains('.') && other.contains('.') {
        "give one of the groups another segment: `#[env(group, prefix = \"...\")]`"
    } else {
        "give one of them another `name`"
    };
    format!("`Cfg.{one}` and `Cfg.{other}` both read `{name}`; {remedy}")
}

const fn var(field: &'static str, segment: &'static str) -> Item {
    Item::var(field, segment, TEXT, false, "")
}

const fn named(field: &'static str, name: &'static str) -> Item {
    Item::named(field, name, TEXT, false, "")
}

const fn group(field: &'static str, segment: &'static str, spec: &'static Spec) -> Item {
    Item::group_at(field, segment, spec)
}

const DB: &Spec = &Spec::new("Db", &[var("url", "URL"), var("ttl", "TTL").file()]);
const POOL: &Spec = &Spec::new("Pool", &[group("db", "DB", DB), var("size", "SIZE")]);
const BARE: &Spec = &Spec::new("Bare", &[Item::selector(&Form::words(&["a"]))]);

#[test]
fn names_that_differ_are_no_complaint() {
    let items = [
        var("url", "URL").details(
            const {
                &Details::NONE
                    .aliases(&["URL", "DB"])
                    .deprecated(&["ADDR", "URI"])
            },
        ),
        var("url_file", "URL_FILE"),
        var("other", "APP_URL"),
        group("one", "ONE", POOL),
        group("two", "TWO", POOL),
        group("list", "LIST", DB).list(),
        group("map", "LIST", DB).map(),
        group("flat", "", DB).list(),
        named("lang", "LANG"),
        // Twice for one item is its own business.
        var("own", "OWN").details(
            const {
                &Details::NONE
                    .aliases(&["APP_OWN", "OWN"])
                    .deprecated(&["OWN"])
            },
        ),
        var("last", "LAST").file(),
    ];
    for root in ["APP", UNKNOWN] {
        assert_eq!(complaint(&items, root), None);
    }
    assert_eq!(complaint(&[group("bare", "BARE", BARE)], ""), None);
    assert_eq!(complaint(&[], "APP"), None);
}

#[test]
fn two_fields_of_one_variable_are_named() {
    let url = || {
        var("a", "A_URL").details(
            const {
                &Details::NONE
                    .aliases(&["A1", "A2"])
                    .deprecated(&["A3", "A4"])
            },
        )
    };
    let old = || var("a", "A_URL").details(const { &Details::NONE.deprecated(&["A5", "A6"]) });
    let file = || url().file();
    for (items, one, other, name) in [
        (vec![var("a", "X"), var("b", "X")], "a", "b", "APP_X"),
        (vec![var("a", "X"), named("b", "APP_X")], "a", "b", "APP_X"),
        (vec![named("b", "APP_X"), var("a", "X")], "b", "a", "APP_X"),
        (vec![url(), named("b", "A1")], "a", "b", "A1"),
        (vec![url(), named("b", "A2")], "a", "b", "A2"),
        (vec![url(), named("b", "A3")], "a", "b", "A3"),
        (vec![named("b", "A4"), url()], "b", "a", "A4"),
        (vec![old(), named("b", "A6")], "a", "b", "A6"),
        (vec![file(), named("b", "A4")], "a", "b", "A4"),
        (
            vec![file(), var("b", "A_URL_FILE")],
            "a",
            "b",
            "APP_A_URL_FILE",
        ),
        (vec![named("b", "A1_FILE"), file()], "b", "a", "A1_FILE"),
        (vec![named("b", "A4_FILE"), file()], "b", "a", "A4_FILE"),
        (
            vec![var("url", "DB_URL"), group("db", "DB", DB)],
            "url",
            "db.url",
            "APP_DB_URL",
        ),
        (
            vec![group("pool", "POOL", POOL), group("db", "POOL_DB", DB)],
            "pool.db.url",
            "db.url",
            "APP_POOL_DB_URL",
        ),
        (
            vec![group("pool", "POOL", POOL), var("size", "POOL_SIZE")],
            "pool.size",
            "size",
            "APP_POOL_SIZE",
        ),
        (
            vec![group("a", "X", DB).list(), group("b", "X", DB).list()],
            "a.url",
            "b.url",
            "APP_X_<N>_URL",
        ),
        (
            vec![group("a", "X", DB).map(), group("b", "X", DB).map()],
            "a.url",
            "b.url",
            "APP_X_<KEY>_URL",
        ),
        (
            vec![group("bare", "X", BARE), var("x", "X")],
            "bare",
            "x",
            "APP_X",
        ),
        // The first two of three.
        (
            vec![var("a", "X"), var("b", "Y"), var("c", "X"), var("d", "X")],
            "a",
            "c",
            "APP_X",
        ),
    ] {
        assert_eq!(
            complaint(&items, "APP"),
            Some(both_read(one, other, name)),
            "{name}"
        );
    }
}

/// The group alone cannot tell, because it does not know its prefix.
#[test]
fn a_whole_name_and_a_joined_name_of_one_group_are_compared() {
    const URL: Item = var("url", "URL");
    const WHOLE: &Spec = &Spec::new("Whole", &[URL, named("o", "APP_DB_URL")]);
    const ALIAS: Item = var("o", "O").details(const { &Details::NONE.aliases(&["APP_DB_URL"]) });
    const ALIASED: &Spec = &Spec::new("Aliased", &[ALIAS, URL]);
    const OLD: Item = var("o", "O").details(const { &Details::NONE.deprecated(&["APP_DB_URL"]) });
    const DEPRECATED: &Spec = &Spec::new("Deprecated", &[URL, OLD]);
    const OF_FILE: &Spec = &Spec::new("OfFile", &[URL.file(), named("o", "APP_DB_URL_FILE")]);
    const DEEP: &Spec = &Spec::new("Deep", &[group("sub", "", WHOLE)]);
    const TWICE: &Spec = &Spec::new("Twice", &[URL, var("again", "URL")]);

    for (spec, one, other, name) in [
        (WHOLE, "db.url", "db.o", "APP_DB_URL"),
        (ALIASED, "db.o", "db.url", "APP_DB_URL"),
        (DEPRECATED, "db.url", "db.o", "APP_DB_URL"),
        (OF_FILE, "db.url", "db.o", "APP_DB_URL_FILE"),
        (DEEP, "db.sub.url", "db.sub.o", "APP_DB_URL"),
        // The group itself reports it, unless it is generic.
        (TWICE, "db.url", "db.again", "APP_DB_URL"),
    ] {
        let items = [group("db", "DB", spec)];
        let expected = format!(
            "`Cfg.{one}` and `Cfg.{other}` both read `{name}`; give one of them another `name`"
        );
        assert_eq!(complaint(&items, "APP"), Some(expected), "{one}");
        assert_eq!(complaint(&items, UNKNOWN), None);
    }
}

/// What a field adds to a group, the group does not know, and so not its own check.
#[test]
fn a_selector_or_a_switch_and_a_field_of_its_group_are_compared() {
    const FIELDS: &Spec = &Spec::new("Fields", &[var("u", "U"), named("whole", "APP_E")]);
    const SWITCHED: &Spec =
        &Spec::new("Gr", const { &[Item::switch("U"), Item::switched(FIELDS)] });
    const FORM: &Form = &Form::words(&["a", "b"]);
    const TYPE: &Spec = &Spec::new(
        "Ty",
        const {
            &[
                Item::named("", "APP_E", FORM, false, ""),
                Item::flat_variant("a", DB),
                Item::flat_variant("b", FIELDS),
            ]
        },
    );

    let selects_in = |group: &str, field: &str, name: &str| {
        Some(format!(
            "`Cfg.{group}` and `Cfg.{group}.{field}` both read `{name}`; the first is the variable that \
             selects a variant or switches the group on; give one of them another name"
        ))
    };
    let selects = |field: &str, name: &str| selects_in("e", field, name);
    let switched = [group("e", "E", SWITCHED)];
    assert_eq!(complaint(&switched, "APP"), selects("u", "APP_E_U"));
    assert_eq!(complaint(&switched, UNKNOWN), selects("u", "APP_E_U"));
    let chosen = [group("e", "E", TYPE)];
    assert_eq!(complaint(&chosen, "APP"), selects("b.whole", "APP_E"));
    assert_eq!(complaint(&chosen, "X"), selects("b.whole", "APP_E"));
    // The group that has it as a field reports it.
    let outer: &'static Spec =
        Box::leak(Box::new(Spec::new("Outer", Box::leak(Box::new(switched)))));
    let outer = [group("outer", "OUTER", outer)];
    assert_eq!(complaint(&outer, UNKNOWN), None);
    assert_eq!(
        complaint(&outer, "APP"),
        selects_in("outer.e", "u", "APP_OUTER_E_U")
    );
}

#[test]
fn variants_may_read_what_another_variant_reads() {
    const OTHER: &Spec = &Spec::new("Other", &[var("url", "URL")]);
    const TWICE: &Spec = &Spec::new("Twice", &[var("ttl", "TTL"), named("old", "APP_TTL")]);
    const FORM: &Form = &Form::words(&["a", "b", "c"]);
    const SELECTOR: Item = Item::named("", "KIND", FORM, false, "");
    const CHOICE: &Spec = &Spec::new(
        "Choice",
        const {
            &[
                SELECTOR,
                Item::flat_variant("a", DB),
                Item::flat_variant("b", OTHER),
                Item::flat_variant("c", OTHER),
            ]
        },
    );
    const FAULTY: &Spec = &Spec::new(
        "Faulty",
        const {
            &[
                SELECTOR,
                Item::flat_variant("a", DB),
                Item::flat_variant("b", TWICE),
            ]
        },
    );

    assert_eq!(complaint(&[group("one", "", CHOICE)], "APP"), None);
    let beside = [group("one", "", CHOICE), var("url", "URL")];
    let expected = both_read("one.c.url", "url", "APP_URL");
    assert_eq!(complaint(&beside, "APP"), Some(expected));
    // Two of one variant, which another variant reads as well.
    let faulty = complaint(&[group("one", "", FAULTY)], "APP");
    let expected =
        "`Cfg.one.b.ttl` and `Cfg.one.b.old` both read `APP_TTL`; give one of them another `name`";
    assert_eq!(faulty.as_deref(), Some(expected));
}

#[test]
fn a_removed_name_that_a_variable_has_is_reported() {
    const DISK: &Spec = &Spec::new("Disk", &[var("path", "PATH"), GONE]);
    const GONE: Item = Item::removed("APP_PATH", "remove it");
    const CHOSEN: [Item; 2] = [
        Item::selector(&Form::words(&["disk"])),
        Item::flat_variant("disk", DISK),
    ];

    let removed = |field: &str| {
        Some(format!(
            "`Cfg.{field}` reads `APP_PATH`, which `removed` says is no longer read; \
             remove one of them"
        ))
    };
    let path = || var("path", "PATH");
    for (items, field) in [
        (vec![path(), GONE], "path"),
        (vec![GONE, path()], "path"),
        (vec![GONE, named("whole", "APP_PATH")], "whole"),
        (vec![GONE, group("disk", "", DISK)], "disk.path"),
        // A variant of a root type.
        (CHOSEN.to_vec(), "disk.path"),
    ] {
        assert_eq!(complaint(&items, "APP"), removed(field));
    }
    // Two groups may tell that one name is removed.
    let twice = [GONE, group("sub", "SUB", DISK), group("other", "X", DISK)];
    assert_eq!(complaint(&twice, "APP"), None);
}

/// What is read twice under one prefix alone is for the root to find.
#[test]
fn a_group_is_checked_for_what_it_reads_twice_under_every_prefix() {
    let whole = |root| complaint(&[named("a", "APP_X"), var("b", "X")], root);
    assert_eq!(whole("APP"), Some(both_read("a", "b", "APP_X")));
    assert_eq!(whole(UNKNOWN), None);
    let twice = complaint(&[var("a", "X"), var("b", "X")], UNKNOWN);
    assert_eq!(twice, Some(both_read("a", "b", "APP_X")));
}

#[test]
fn a_type_is_checked_as_a_root_and_as_a_group() {
    const CFG: &Spec = &Spec::new("Cfg", &[var("a", "X"), var("b", "X")]);

    for check in [assert_unique, assert_unique_in_group] {
        assert_eq!(
            message(move || check(CFG)),
            Some(both_read("a", "b", "APP_X"))
        );
    }
}

/// Each of the groups would take it for its own.
#[test]
fn a_whole_name_in_one_of_several_groups_is_reported() {
    const ALIASED: &Spec = &Spec::new(
        "Aliased",
        &[var("url", "URL").details(const { &Details::NONE.aliases(&["DATABASE_URL"]) })],
    );
    const NAMED: &Spec = &Spec::new("Named", &[group("inner", "INNER", LANG)]);
    const LANG: &Spec = &Spec::new("Lang", &[named("lang", "LANG")]);

    let whole = |field: &str, name: &str| {
        Some(format!(
            "`Cfg.{field}` is in one of several groups, which would all read `{name}`; \
             remove that name, or read it outside of them"
        ))
    };
    for root in ["APP", UNKNOWN] {
        let map = [group("db", "DB", ALIASED).map()];
        assert_eq!(complaint(&map, root), whole("db.url", "DATABASE_URL"));
        let list = [group("up", "UP", NAMED).list()];
        assert_eq!(complaint(&list, root), whole("up.inner.lang", "LANG"));
        let one = [group("up", "UP", NAMED), group("db", "DB", ALIASED)];
        assert_eq!(complaint(&one, root), None);
    }
}

#[test]
fn a_variable_without_a_name_is_reported() {
    let nameless = "a one-of group has a variable without a name here; give it a `prefix`";
    let flat = [group("flat", "", BARE)];
    assert_eq!(complaint(&flat, ""), Some(nameless.to_owned()));
    assert_eq!(complaint(&flat, "APP"), None);
}

#[test]
fn the_last_of_many_fields_is_checked_too() {
    for count in [129, 2_049] {
        let name = |i: usize| -> &'static str { format!("F{i}").leak() };
        let mut items: Vec<_> = (0..count).map(|i| var(name(i), name(i))).collect();
        assert_eq!(complaint(&items, "APP"), None);
        let last = name(count - 1);
        items.push(var("twice", last));
        assert_eq!(
            complaint(&items, "APP"),
            Some(both_read(last, "twice", &format!("APP_{last}")))
        );
    }
}

/// A table that is full has no free slot to end the search at.
#[test]
fn more_fields_than_can_be_compared_are_passed_over() {
    let name = |i: usize| -> &'static str { format!("F{i}").leak() };
    let items: Vec<_> = (0..70_000).map(|i| var(name(i), name(i))).collect();
    assert_eq!(complaint(&items, "APP"), None);
}

#[test]
fn what_is_nested_too_deep_for_the_compiler_is_passed_over() {
    let mut spec = DB;
    for _ in 0..200 {
        spec = Box::leak(Box::new(Spec::new(
            "Deep",
            Box::leak(Box::new([group("deep", "", spec)])),
        )));
    }
    let items = [group("deep", "", spec), var("a", "X"), var("b", "X")];
    assert_eq!(complaint(&items, "APP"), Some(both_read("a", "b", "APP_X")));
}

#[test]
fn a_long_name_is_cut_in_the_message() {
    let long = "x".repeat(300).leak();
    let items = [
        var(long, "X"),
        group(long, "X", DB),
        named(long, "APP_X_URL"),
    ];
    let line = &format!("Cfg.{}", "x".repeat(196));
    assert_eq!(
        complaint(&items, "APP"),
        Some(format!(
            "`{line}` and `{line}` both read `APP_X_URL`; give one of them another `name`"
        ))
    );
}
