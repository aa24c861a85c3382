//! Types around other types, words as people write them, and names as other programs chose
//! them.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Pointers {
    boxed: Box<u16>,
    shared: Arc<Duration>,
    counted: Rc<Vec<u8>>,
    maybe: Option<Box<char>>,
    #[env(default = "a,b")]
    queue: VecDeque<String>,
}

#[test]
fn a_pointer_is_read_like_the_type_inside() {
    let pairs = [
        ("APP_BOXED", "8000"),
        ("APP_SHARED", "1h 30m"),
        ("APP_COUNTED", "1,2"),
    ];
    assert_eq!(
        load::<Pointers>(&pairs),
        Pointers {
            boxed: Box::new(8000),
            shared: Arc::new(Duration::from_mins(90)),
            counted: Rc::new(vec![1, 2]),
            maybe: None,
            queue: VecDeque::from(["a".to_owned(), "b".to_owned()]),
        }
    );
    let pairs = [
        ("APP_BOXED", "80a0"),
        ("APP_SHARED", "5"),
        ("APP_COUNTED", "1,x"),
    ];
    assert_eq!(
        problems::<Pointers>(&pairs),
        "  APP_BOXED    \"80a0\" is not a u16: it must be a whole number from 0 to 65535\n  \
         APP_SHARED   \"5\" is not a duration, like 500ms, 30s or 1h30m: 5 has no unit; write 5s, or 5ms\n  \
         APP_COUNTED  \"1,x\": element 2, \"x\", is not a u8: it must be a whole number from 0 to 255"
    );
}

#[test]
fn a_pointer_to_a_secret_is_a_secret() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(default = "3")]
        token: Box<Secret<u8>>,
    }

    assert_eq!(*load::<Cfg>(&[]).token.expose(), 3);
    let report = problems::<Cfg>(&[("APP_TOKEN", "hunter2")]);
    assert!(!report.contains("hunter2"), "{report}");
    assert_eq!(Cfg::secret_vars(), ["APP_TOKEN"]);
}

#[test]
fn a_tuple_has_up_to_eight_elements() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        weights: (u8, u8, u8, u8, u8, u8, u8, String),
    }

    let cfg: Cfg = load(&[("APP_WEIGHTS", "1,2,3,4,5,6,7,x")]);
    assert_eq!(cfg.weights, (1, 2, 3, 4, 5, 6, 7, "x".to_owned()));
    let report = problems::<Cfg>(&[("APP_WEIGHTS", "1,2,3,4,5,6,7")]);
    assert!(report.ends_with(": it has 7 elements"), "{report}");
}

#[test]
fn every_text_type_may_be_required_to_be_non_empty() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(non_empty)]
        _boxed: Box<str>,
        #[env(non_empty)]
        _in_a_box: Rc<String>,
        #[env(non_empty)]
        _queue: VecDeque<u8>,
    }

    let pairs = [
        ("APP__BOXED", " "),
        ("APP__IN_A_BOX", " "),
        ("APP__QUEUE", "1"),
    ];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP__BOXED     \" \" is refused: it must not be empty\n                 \
         it begins or ends with white space; remove that\n  \
         APP__IN_A_BOX  \" \" is refused: it must not be empty\n                 it begins or ends with white space; remove that"
    );
}

/// A newtype has the length and the emptiness of the type inside, at any depth.
#[test]
fn a_newtype_is_as_long_and_as_empty_as_the_value_inside() {
    #[derive(Debug, EnvValue)]
    struct Name(String);

    #[derive(Debug, EnvValue)]
    struct Of<T> {
        inner: T,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only checked")]
    struct Cfg {
        #[env(non_empty, len = 2..=3)]
        name: Name,
        #[env(non_empty, len = 2..)]
        hosts: Option<Of<Vec<Of<u8>>>>,
        #[env(non_empty, len = 4..)]
        token: Option<Secret<Of<Arc<Name>>>>,
    }

    let pairs = [
        ("APP_NAME", "ab"),
        ("APP_HOSTS", "1,2"),
        ("APP_TOKEN", "1234"),
    ];
    load::<Cfg>(&pairs);
    let pairs = [
        ("APP_NAME", "abcd"),
        ("APP_HOSTS", "1"),
        ("APP_TOKEN", "123"),
    ];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP_NAME   \"abcd\" is refused: it must have from 2 to 3 characters\n  \
         APP_HOSTS  \"1\" is refused: it must have at least 2 elements\n  \
         APP_TOKEN  the secret is refused: it must have at least 4 characters"
    );
    let report = problems::<Cfg>(&[("APP_NAME", " "), ("APP_TOKEN", "    ")]);
    assert_eq!(report.matches("must not be empty").count(), 2, "{report}");
}

/// The type inside a public type may be private.
#[test]
fn a_newtype_may_hold_a_private_type() {
    mod inner {
        #[derive(Debug, environ::EnvValue)]
        struct Private(u8);

        #[derive(Debug, environ::EnvValue)]
        #[expect(unreachable_pub, reason = "the type inside is less visible")]
        pub struct Public(Private);
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only checked")]
    struct Cfg {
        #[env(range = 1..)]
        value: inner::Public,
    }

    let report = problems::<Cfg>(&[("APP_VALUE", "0")]);
    assert!(report.ends_with("it must be at least 1"), "{report}");
}

#[test]
fn a_bool_may_be_a_single_letter() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(default = 'n')]
        debug: bool,
    }

    assert!(!load::<Cfg>(&[]).debug);
    for (text, value) in [("t", true), ("Y", true), ("F", false), ("n", false)] {
        assert_eq!(load::<Cfg>(&[("APP_DEBUG", text)]).debug, value, "{text}");
    }
}

#[test]
fn a_word_may_have_an_underscore_for_a_hyphen() {
    #[derive(Debug, PartialEq, EnvValue)]
    enum Site {
        SameSite,
        #[env(rename = "cross_site")]
        Other,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(default = "SAME_SITE")]
        site: Site,
        #[env(group)]
        storage: Storage,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Storage {
        #[env(default)]
        InMemory,
        #[env(rename = "Same-B")]
        B,
    }

    let storage = Storage::InMemory;
    let site = Site::SameSite;
    assert_eq!(load::<Cfg>(&[]), Cfg { site, storage });
    let pairs = [("APP_SITE", "CROSS-SITE"), ("APP_STORAGE", "in_memory")];
    let (site, storage) = (Site::Other, Storage::InMemory);
    assert_eq!(load::<Cfg>(&pairs), Cfg { site, storage });
    let cfg: Cfg = load(&[("APP_STORAGE", "sAME_B"), ("APP_SITE", "same_site")]);
    assert_eq!(cfg.storage, Storage::B);
}

/// Names of existing programs.
#[test]
fn a_whole_name_may_be_any_name_that_an_environment_can_hold() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(name = "2FA_KEY")]
        key: String,
        #[env(name = "ProgramFiles(x86)")]
        programs: String,
        type_: String,
    }

    let pairs = [
        ("2FA_KEY", "a"),
        ("ProgramFiles(x86)", "b"),
        ("APP_TYPE", "c"),
    ];
    let [key, programs, type_] = ["a", "b", "c"].map(str::to_owned);
    assert_eq!(
        load::<Cfg>(&pairs),
        Cfg {
            key,
            programs,
            type_
        }
    );
    assert_eq!(
        problems::<Cfg>(&[]),
        "  2FA_KEY            not set\n  \
         ProgramFiles(x86)  not set\n  \
         APP_TYPE           not set"
    );
}
