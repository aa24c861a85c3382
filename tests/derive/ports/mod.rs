//! The variables of real services, as configs of our own writing: names, types, defaults and
//! rules, with environments shaped like the samples of the services. README.md has the table.

#![expect(dead_code, reason = "compared as a whole")]
#![expect(
    clippy::enum_variant_names,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the names and the flags of the services"
)]
#![expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "the arguments are fields"
)]

mod crates_io;
mod mastodon;
mod meilisearch;
mod miniflux;
mod plausible;
mod svix;
mod vaultwarden;
mod warehouse;
mod zero_to_production;

use std::fmt::{self, Debug};
use std::net::IpAddr;
use std::str::FromStr;

use environ::EnvConfig;

/// Returns the config, which must load in strict mode and without a warning.
fn clean<T: EnvConfig>(pairs: &[(&str, &str)]) -> T {
    let loaded = T::loader().source(pairs).strict().load();
    let loaded = loaded.unwrap_or_else(|err| panic!("{err}"));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    loaded.config
}

/// Returns the warnings of a load that goes well, one a line.
fn warnings<T: EnvConfig>(pairs: &[(&str, &str)]) -> String {
    let loaded = T::loader().source(pairs).load();
    let loaded = loaded.unwrap_or_else(|err| panic!("{err}"));
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    warnings.join("\n")
}

/// Asserts that a config is that of the snapshot, which shows no secret.
fn assert_whole(config: &impl Debug, snapshot: &str) {
    assert_eq!(format!("{config:#?}\n"), snapshot);
}

/// Returns pairs, of which some have another text.
fn with<'a>(
    pairs: &[(&'a str, &'a str)],
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let is_other = |name| others.iter().any(|(other, _)| *other == name);
    let kept = pairs.iter().filter(|(name, _)| !is_other(*name));
    kept.chain(others).copied().collect()
}

/// Each row of the README has the number of variables, and no service has an accessor.
#[test]
fn the_table_of_services_is_true() {
    fn row<T: EnvConfig>(service: &str) -> Option<String> {
        let json: serde_json::Value = serde_json::from_str(&T::help().to_json()).unwrap();
        let count = json["variables"].as_array().unwrap().len();
        let row = format!("\n| {service} | {count} |");
        (!include_str!("README.md").contains(&row)).then_some(row)
    }

    let wrong = [
        row::<crates_io::Server>("crates.io's backend"),
        row::<mastodon::Config>("Mastodon, mail and search"),
        row::<meilisearch::Options>("Meilisearch"),
        row::<miniflux::Config>("Miniflux"),
        row::<plausible::Config>("Plausible"),
        row::<svix::Config>("Svix"),
        row::<vaultwarden::Config>("Vaultwarden"),
        row::<warehouse::Config>("PyPI's warehouse"),
        row::<zero_to_production::Settings>("Zero to Production"),
    ];
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A network such as `10.0.0.0/8`. Stands for the type of a crate that the services use.
#[derive(Clone, Copy, PartialEq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHY: &str = "it must be an address, `/` and a number of bits";
        let (address, bits) = text.split_once('/').ok_or(WHY)?;
        Ok(Self {
            address: address.parse().map_err(|_| WHY)?,
            bits: bits.parse().map_err(|_| WHY)?,
        })
    }
}

impl Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}
