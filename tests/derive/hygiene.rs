//! Generated code names nothing of the user's scope, and leaves nothing there.

/// Nothing is imported, and every name that generated code could mean by
/// accident means something else.
mod without_a_prelude {
    #![no_implicit_prelude]
    #![expect(
        dead_code,
        non_camel_case_types,
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
    trait EnvConfig {}
    trait EnvValue {}
    mod std {}
    mod core {}
    mod environ {}
    struct str;
    struct u8;

    #[derive(::environ::EnvConfig)]
    pub(super) struct Names {
        pub(super) loader: ::std::string::String,
        pub(super) pass: ::std::string::String,
        pub(super) text: ::std::string::String,
        pub(super) value: ::std::string::String,
        pub(super) r#type: ::std::string::String,
        pub(super) __environ: ::std::string::String,
        #[env(default = 1, validate = check)]
        pub(super) index: ::std::primitive::u16,
        #[env(default, parse = parse)]
        pub(super) parsed: ::std::primitive::u16,
        #[env(default)]
        pub(super) word: Word,
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
    let cfg = <without_a_prelude::Names as environ::EnvConfig>::from_source(&pairs).unwrap();
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
    assert!(cfg.group.is_none());
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
