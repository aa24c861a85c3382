use super::{names, HasSpec};
use crate::spec::{Details, Item, Spec};
use crate::value::Form;

const TEXT: &Form = &Form::text();

const fn var(segment: &'static str) -> Item {
    Item::var("", segment, TEXT, false, "")
}

const INNER: &Spec = &Spec::new("Inner", &[var("X"), Item::group_at("", "", FLAT)]);
const FLAT: &Spec = &Spec::new("Flat", &[var("Y")]);
const CHOICE: &Spec = &Spec::new(
    "Choice",
    &[
        Item::selector(&Form::words(&["this"])),
        Item::variant("this", "THIS", INNER),
    ],
);
const ITEMS: &[Item] = &[
    var("A"),
    var("ALIASED").details(const { &Details::NONE.aliases(&["B"]) }),
    Item::named("", "WHOLE", TEXT, false, ""),
    Item::group_at("", "LIST", INNER).list(),
    Item::group_at("", "MAP", INNER).map(),
    Item::group_at("", "CHOICE", CHOICE),
    Item::group_at("", "GROUP", INNER).optional(),
    Item::group_at("", "", FLAT),
    var("Z"),
];

macro_rules! roots {
    ($($ty:ident $spec:expr;)*) => {$(
        struct $ty;

        impl HasSpec for $ty {
            const SPEC: &'static Spec = &$spec;
        }
    )*};
}

const LONG: &str = match std::str::from_utf8(&[b'L'; 100]) {
    Ok(text) => text,
    Err(_) => "",
};
const SIX: &[Item] = &[var("A"), var("B"), var("C"), var("D"), var("E"), var("F")];
const MANY: &[Item] = &[const { var("X") }; 129];

roots! {
    Every Spec::new("Every", ITEMS);
    Bare Spec::new("Bare", ITEMS).prefix("");
    Long Spec::new("Long", SIX).prefix(LONG);
    Most Spec::new("Most", MANY.split_at(128).0);
    Many Spec::new("Many", MANY);
    ManyLong Spec::new("ManyLong", MANY.split_at(100).0).prefix(LONG);
}

#[test]
fn names_are_in_the_order_of_the_table_and_groups_are_among_them() {
    let every = [
        "APP_A",
        "",
        "WHOLE",
        "APP_CHOICE",
        "APP_CHOICE",
        "APP_GROUP",
        "APP_GROUP_X",
        "APP_GROUP",
        "APP_GROUP_Y",
        "APP",
        "APP_Y",
        "APP_Z",
    ];
    assert_eq!(const { names::<Every>() }, every);
    let bare = every.map(|name| name.trim_start_matches("APP").trim_start_matches('_'));
    assert_eq!(const { names::<Bare>() }, bare);
}

#[test]
fn long_names_are_known_and_those_of_very_many_fields_are_not() {
    let long = ["A", "B", "C", "D", "E", "F"].map(|name| format!("{LONG}_{name}"));
    assert_eq!(const { names::<Long>() }, long);
    assert_eq!(const { names::<Most>() }, ["APP_X"; 128]);
    assert!(const { names::<Many>() }.is_empty());
    assert!(const { names::<ManyLong>() }.is_empty());
}
