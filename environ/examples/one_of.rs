//! A group that is one of several, selected by a variable.
//!
//! ```console
//! $ cargo run --example one_of
//! $ APP_STORAGE_TYPE=s3 APP_STORAGE_S3_BUCKET=photos cargo run --example one_of
//! $ APP_STORAGE_TYPE=s4 cargo run --example one_of; echo $?
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use environ::EnvConfig;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group, selector = "TYPE")]
    storage: Storage,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Storage {
    #[env(default)]
    Memory,
    Disk(Disk),
    S3(S3),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Disk {
    path: PathBuf, // APP_STORAGE_DISK_PATH
}

#[derive(Debug, PartialEq, EnvConfig)]
struct S3 {
    bucket: String, // APP_STORAGE_S3_BUCKET
    #[env(default = "eu-central-1")]
    region: String, // APP_STORAGE_S3_REGION
}

fn main() {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    match loaded.config.storage {
        Storage::Memory => println!("in memory"),
        Storage::Disk(disk) => println!("in {}", disk.path.display()),
        Storage::S3(s3) => println!("in {} of {}", s3.bucket, s3.region),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_variant_alone_is_required() {
        let storage = |pairs: &[(&str, &str)]| AppConfig::from_source(pairs).unwrap().storage;
        assert_eq!(storage(&[]), Storage::Memory);
        let s3 = S3 {
            bucket: "photos".to_owned(),
            region: "eu-central-1".to_owned(),
        };
        let pairs = [
            ("APP_STORAGE_TYPE", "s3"),
            ("APP_STORAGE_S3_BUCKET", "photos"),
        ];
        assert_eq!(storage(&pairs), Storage::S3(s3));
    }

    #[test]
    fn an_unknown_word_is_rejected() {
        let err = AppConfig::from_source([("APP_STORAGE_TYPE", "s4")]).unwrap_err();
        assert_eq!(
            err.to_string(),
            "1 problem with the environment:\n  \
             APP_STORAGE_TYPE  \"s4\" is not one of: memory, disk, s3"
        );
    }
}
