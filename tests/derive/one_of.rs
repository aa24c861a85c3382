use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group)]
    storage: Storage,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Storage {
    #[env(default)]
    Memory,
    #[env(alias = "aws")]
    S3Bucket(S3),
    #[env(rename = "disk")]
    LocalDisk(Disk),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct S3 {
    bucket: String,
    #[env(default = "eu")]
    region: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Disk {
    path: String,
}

fn s3(bucket: &str) -> Cfg {
    let (bucket, region) = (bucket.into(), "eu".into());
    Cfg {
        storage: Storage::S3Bucket(S3 { bucket, region }),
    }
}

#[test]
fn the_default_variant_is_taken_when_nothing_is_set() {
    assert_eq!(
        load::<Cfg>(&[]),
        Cfg {
            storage: Storage::Memory
        }
    );
}

#[test]
fn a_word_selects_a_variant_and_its_variables() {
    for word in ["s3-bucket", "S3-Bucket", "aws"] {
        let pairs = [("APP_STORAGE", word), ("APP_STORAGE_S3_BUCKET_BUCKET", "b")];
        assert_eq!(load::<Cfg>(&pairs), s3("b"));
    }
    let pairs = [("APP_STORAGE", "disk"), ("APP_STORAGE_DISK_PATH", "/x")];
    let storage = Storage::LocalDisk(Disk { path: "/x".into() });
    assert_eq!(load::<Cfg>(&pairs), Cfg { storage });
}

#[test]
fn a_missing_variable_tells_which_word_requires_it() {
    assert_eq!(
        problems::<Cfg>(&[("APP_STORAGE", "aws")]),
        "  APP_STORAGE_S3_BUCKET_BUCKET  not set; required because APP_STORAGE is s3-bucket"
    );
}

#[test]
fn another_word_is_answered_with_the_list() {
    assert_eq!(
        problems::<Cfg>(&[("APP_STORAGE", "floppy")]),
        "  APP_STORAGE  \"floppy\" is not one of: memory, s3-bucket, disk"
    );
}

#[test]
fn a_variable_of_another_variant_is_a_warning() {
    let pairs = [("APP_STORAGE", "memory"), ("APP_STORAGE_DISK_PATH", "/x")];
    let loaded = Cfg::loader().source(pairs).load().unwrap();
    assert_eq!(
        loaded.config,
        Cfg {
            storage: Storage::Memory
        }
    );
    let [warning] = &loaded.warnings[..] else {
        panic!("{:?}", loaded.warnings);
    };
    assert_eq!(
        warning.to_string(),
        "APP_STORAGE_DISK_PATH: not read, since APP_STORAGE is memory"
    );
    assert_eq!(warning.code(), "unselected");
}

#[test]
fn a_choice_without_a_default_is_required() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Required {
        #[env(group)]
        via: Via,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Optional {
        #[env(group)]
        via: Option<Via>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Via {
        Tcp(Disk),
        Pipe,
    }

    assert_eq!(
        problems::<Required>(&[]),
        "  APP_VIA  not set; expected one of: tcp, pipe"
    );
    assert_eq!(
        load::<Required>(&[("APP_VIA", "pipe")]),
        Required { via: Via::Pipe }
    );
    assert_eq!(load::<Optional>(&[]), Optional { via: None });
    assert_eq!(
        problems::<Optional>(&[("APP_VIA_TCP_PATH", "/x")]),
        "  APP_VIA  not set; required because APP_VIA_TCP_PATH is set; expected one of: tcp, pipe"
    );
}

/// clippy asks for it where a variant is much larger than the rest.
#[test]
fn a_group_may_be_in_a_box() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Boxes {
        #[env(group)]
        storage: Boxed,
        #[env(group)]
        one: Box<Disk>,
        #[env(group)]
        maybe: Option<Box<Disk>>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Boxed {
        Memory,
        Disk(Box<Disk>),
    }

    let disk = |path: &str| Box::new(Disk { path: path.into() });
    assert_eq!(
        load::<Boxes>(&[
            ("APP_STORAGE", "disk"),
            ("APP_STORAGE_DISK_PATH", "/a"),
            ("APP_ONE_PATH", "/b"),
        ]),
        Boxes {
            storage: Boxed::Disk(disk("/a")),
            one: disk("/b"),
            maybe: None,
        }
    );
}
