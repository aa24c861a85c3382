use environ::EnvConfig;
use std::cell::RefCell;

/// Only the variables of the table are looked up, by name.
#[test]
fn nothing_is_read_but_what_the_table_names() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(alias = "HOST")]
        host: Option<String>,
        #[env(group)]
        log: Log,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Log {
        #[env(default = "info")]
        level: String,
    }

    let asked = RefCell::new(Vec::new());
    let source = environ::from_fn(|name| {
        asked.borrow_mut().push(name.to_owned());
        None::<&str>
    });
    let cfg = Cfg::from_source(source).unwrap();
    assert_eq!(
        cfg,
        Cfg {
            host: None,
            log: Log {
                level: "info".into()
            }
        }
    );
    assert_eq!(*asked.borrow(), ["APP_HOST", "HOST", "APP_LOG_LEVEL"]);
}

#[test]
fn problems_of_all_groups_come_in_the_order_of_the_fields() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(group)]
        first: Group,
        between: u8,
        #[env(group)]
        second: Option<Group>,
        last: u8,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Group {
        a: u8,
        b: u8,
    }

    let err = Cfg::from_source([("APP_SECOND_B", "x"), ("APP_LAST", "256")]).unwrap_err();
    let problems: Vec<_> = err.problems().map(environ::Problem::name).collect();
    assert_eq!(
        problems,
        [
            "APP_FIRST_A",
            "APP_FIRST_B",
            "APP_BETWEEN",
            "APP_SECOND_A",
            "APP_SECOND_B",
            "APP_LAST"
        ]
    );
}
