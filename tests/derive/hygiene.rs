//! Generated code names nothing of the user's scope, and leaves nothing there.

use environ::{EnvConfig, Secret};

/// Nothing is imported, and every name that generated code could mean by
/// accident means something else.
mod without_a_prelude {
    #![no_implicit_prelude]
    #![expect(
        dead_code,
        unused_macros,
        non_camel_case_types,
        non_upper_case_globals,
        clippy::unnecessary_wraps,
        reason = "the names are what is tested"
    )]

    struct Option;
    struct Result;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Default;
    struct Item;
    struct Spec;
    struct Pass;
    struct Probe;
    const text: () = ();
    const value: () = ();
    const pass: () = ();
    const field0: () = ();
    trait EnvConfig {}
    trait EnvValue {}
    mod std {}
    mod core {}
    mod environ {}
    struct str;
    struct u8;
    struct usize;
    struct bool;
    macro_rules! stringify {
        ($($token:tt)*) => {
            ::std::compile_error!("generated code took a macro of the user's")
        };
    }

    #[derive(::environ::EnvConfig)]
    pub(super) struct Names {
        pub(super) loader: ::std::string::String,
        pub(super) pass: ::std::string::String,
        pub(super) text: ::std::string::String,
        pub(super) value: ::std::string::String,
        pub(super) r#type: ::std::string::String,
        pub(super) __environ: ::std::string::String,
        #[env(default = 1, validate = check, range = 1..=9)]
        pub(super) index: ::std::primitive::u16,
        #[env(default, parse = parse)]
        pub(super) parsed: ::std::primitive::u16,
        #[env(default)]
        pub(super) word: Word,
        #[env(present)]
        pub(super) present: ::std::primitive::bool,
        #[env(default = 2)]
        pub(super) newtype: Newtype,
        #[env(skip)]
        pub(super) skipped: ::std::primitive::u16,
        #[env(group)]
        pub(super) group: ::std::option::Option<Group>,
        #[env(group)]
        pub(super) choice: Choice,
    }

    fn check(
        _: &::std::primitive::u16,
    ) -> ::std::result::Result<(), &'static ::std::primitive::str> {
        ::std::result::Result::Ok(())
    }

    fn parse(
        _: &::std::primitive::str,
    ) -> ::std::result::Result<::std::primitive::u16, &'static ::std::primitive::str> {
        ::std::result::Result::Ok(7)
    }

    #[derive(::environ::EnvConfig)]
    pub(super) struct Group {
        pub(super) name: ::std::string::String,
    }

    #[derive(::environ::EnvConfig)]
    pub(super) enum Choice {
        #[env(default)]
        Some,
        None(Group),
    }

    #[derive(::environ::EnvValue)]
    pub(super) struct Newtype(pub(super) ::std::primitive::u16);

    #[derive(::std::default::Default, ::environ::EnvValue)]
    pub(super) enum Word {
        #[default]
        Ok,
        Err,
    }
}

#[test]
fn generated_code_stands_alone() {
    let names = ["LOADER", "PASS", "TEXT", "VALUE", "TYPE", "__ENVIRON"];
    let pairs = names.map(|name| (format!("APP_{name}"), name));
    let cfg = without_a_prelude::Names::from_source(&pairs).unwrap();
    assert_eq!(
        [
            cfg.loader,
            cfg.pass,
            cfg.text,
            cfg.value,
            cfg.r#type,
            cfg.__environ
        ],
        names
    );
    assert_eq!((cfg.index, cfg.parsed, cfg.skipped), (1, 0, 0));
    assert!(cfg.group.is_none() && !cfg.present);
    assert_eq!(cfg.newtype.0, 2);
    assert!(matches!(cfg.word, without_a_prelude::Word::Ok));
    assert!(matches!(cfg.choice, without_a_prelude::Choice::Some));
}

/// Two types of one module, and two in one function, do not collide; and a
/// crate may know `environ` by another name.
#[test]
fn types_in_a_function_and_renamed_crates_are_derived() {
    mod vendored {
        pub(super) use environ as configuration;
    }

    #[derive(Debug, PartialEq, vendored::configuration::EnvConfig)]
    #[env(crate = vendored::configuration)]
    struct Local {
        word: Word,
    }

    #[derive(Debug, PartialEq, vendored::configuration::EnvValue)]
    #[env(crate = vendored::configuration)]
    enum Word {
        Yes,
    }

    assert_eq!(
        crate::load::<Local>(&[("APP_WORD", "yes")]),
        Local { word: Word::Yes }
    );
}

/// A field may be called like a function that another field uses, and a function
/// like what generated code calls its own.
#[test]
fn functions_are_found_whatever_they_are_called() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(validate = value)]
    struct Cfg {
        #[env(default_fn = port)]
        port: u16,
        #[env(default_fn = port)]
        admin_port: u16,
        #[env(validate = host)]
        admin_host: String,
        host: String,
        #[env(parse = text)]
        text: u8,
        #[env(default = 1, validate = pass)]
        field0: u8,
    }

    fn port() -> u16 {
        7
    }

    fn host(host: &str) -> Result<(), &'static str> {
        if host == "x" { Ok(()) } else { Err("no") }
    }

    fn text(text: &str) -> Result<u8, std::num::ParseIntError> {
        text.parse()
    }

    fn pass(field: &u8) -> Result<(), &'static str> {
        if *field == 1 { Ok(()) } else { Err("no") }
    }

    fn value(cfg: &Cfg) -> Result<(), &'static str> {
        if cfg.port == 7 { Ok(()) } else { Err("no") }
    }

    let pairs = [
        ("APP_ADMIN_HOST", "x"),
        ("APP_HOST", "y"),
        ("APP_TEXT", "3"),
    ];
    let cfg = crate::load::<Cfg>(&pairs);
    assert_eq!((cfg.admin_port, cfg.text, cfg.field0), (7, 3, 1));
}

/// A type may name constants that are called like those of generated code.
#[test]
fn the_type_of_a_changed_group_may_name_any_constant() {
    const SPEC: usize = 1;
    const ITEMS: usize = 2;
    const INNER: usize = 3;

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Sized<const N: usize> {
        #[env(default = 1)]
        rate: u8,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group, defaults(rate = 2))]
        one: Sized<SPEC>,
        #[env(group, defaults(rate = 3))]
        two: Sized<ITEMS>,
        #[env(group, switch = "ON", defaults(rate = 4))]
        three: Option<Sized<INNER>>,
    }

    assert_eq!(
        crate::load::<Cfg>(&[("APP_THREE_ON", "yes")]),
        Cfg {
            one: Sized { rate: 2 },
            two: Sized { rate: 3 },
            three: Some(Sized { rate: 4 }),
        }
    );
}

/// A macro passes types and literals on in invisible groups.
#[test]
fn a_struct_can_be_made_by_a_macro() {
    macro_rules! config {
        ($ty:ty, $group:ty, $secret:ty, $default:literal, $name:literal, $path:path, $range:expr) => {
            #[derive(Debug, EnvConfig)]
            struct Made {
                plain: $ty,
                #[env(group)]
                group: $group,
                secret: $secret,
                #[env(default = $default, name = $name)]
                literal: u16,
                #[env(default = "2", parse = $path, range = $range)]
                function: u16,
            }
        };
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Group {
        name: String,
    }

    config!(
        Option<u16>,
        Option<Group>,
        Option<Secret<String>>,
        8000,
        "LITERAL",
        str::parse,
        1..3
    );

    let made = crate::load::<Made>(&[("APP_SECRET", "hunter2")]);
    assert_eq!(
        (made.plain, made.group, made.literal, made.function),
        (None, None, 8000, 2)
    );
    assert_eq!(format!("{:?}", made.secret), "Some([REDACTED])");
    assert_eq!(Made::secret_vars(), ["APP_SECRET"]);
}
