//! Deployment files, checked against the table before they are rolled out.
//!
//! Each reader turns a file into workloads: the variables that a process would have, each
//! with its place. A load of the config type then judges the variables, so that nothing is
//! parsed twice. A text that a file cannot know, such as that of a Secret in the cluster,
//! counts as set and is not judged.
//!
//! # Examples
//!
//! ```
//! # #[derive(environ::EnvConfig)]
//! # #[expect(dead_code, reason = "only checked")]
//! # struct AppConfig { port: u16 }
//! use environ::EnvConfig;
//!
//! # let dir = std::env::temp_dir().join(format!("environ-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir).unwrap();
//! # let path = dir.join("compose.yaml");
//! std::fs::write(&path, "services:\n  app:\n    environment:\n      APP_PROT: 80\n").unwrap();
//! let report = AppConfig::deployment().file(&path).check();
//! # std::fs::remove_dir_all(dir).unwrap();
//! let finding = report.findings().next().unwrap();
//! assert_eq!((finding.place().line(), finding.name()), (4, "APP_PORT"));
//! assert_eq!(
//!     finding.message(),
//!     "not set; expected a u16; APP_PROT is set but not read; is it meant?"
//! );
//! ```

mod app_json;
mod check;
mod choice;
mod command;
mod compose;
mod dockerfile;
mod env_file;
mod files;
mod finding;
mod hits;
mod input;
mod interpolation;
mod judge;
mod kind;
mod kubernetes;
mod misspelt;
mod place;
mod procfile;
mod report;
mod systemd;
mod time;
mod url;
mod workload;
mod yaml;

pub use check::Deployment;
pub use finding::{Finding, Severity};
pub use place::{At, Place};
pub use report::Report;
pub use workload::{Format, Port, Probe, Workload};
