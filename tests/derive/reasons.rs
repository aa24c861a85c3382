//! Why a text is not a value, in words that fix the mistake: no name of a type of Rust,
//! and none of the words of its library.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI8, NonZeroU16, ParseIntError};
use std::str::FromStr;

use environ::{EnvConfig, EnvValue, Form, Invalid, Text};

use crate::problems;

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct One<T: EnvValue> {
    value: T,
}

/// The report of a value of `T`, from the text on.
fn problem<T: EnvValue + fmt::Debug>(text: &str) -> String {
    let report = problems::<One<T>>(&[("APP_VALUE", text)]);
    let line = report.lines().next().unwrap();
    line.strip_prefix("  APP_VALUE  ").unwrap().to_owned()
}

#[track_caller]
fn assert_reasons<T: EnvValue + fmt::Debug>(noun: &str, cases: &[(&str, &str)]) {
    for (text, reason) in cases {
        assert_eq!(
            problem::<T>(text),
            format!("{text:?} is not {noun}: {reason}")
        );
    }
}

#[test]
fn a_whole_number_has_its_least_and_its_greatest_value() {
    let whole = "it must be a whole number from 0 to 65535";
    assert_reasons::<u16>(
        "a u16",
        &[
            ("x", whole),
            ("1.5", whole),
            ("8k", "write 8000"),
            ("65536", "it must be from 0 to 65535"),
            ("-1", "it must be from 0 to 65535"),
            ("-99999999999999999999", "it must be from 0 to 65535"),
            ("8_000", "write 8000"),
            ("8,000", "write 8000"),
            ("8000.0", "write 8000"),
            ("8e3", "write 8000"),
            ("0x1F40", "write 8000"),
            ("\"8000\"", "write 8000"),
            ("80_000", whole),
            ("65535.0", "write 65535"),
            (" +8000 ", "write 8000"),
            ("0.0", "write 0"),
            ("-0.0", whole),
            ("-", whole),
        ],
    );
    assert_reasons::<i8>(
        "an i8",
        &[
            ("128", "it must be from -128 to 127"),
            ("-129", "it must be from -128 to 127"),
            ("x", "it must be a whole number from -128 to 127"),
            ("-1_0", "write -10"),
            ("-128.0", "write -128"),
            ("-1_29", "it must be a whole number from -128 to 127"),
        ],
    );
    assert_reasons::<u64>(
        "a u64",
        &[
            ("10k", "write 10000"),
            ("10 MB", "write 10000000"),
            ("1.5GiB", "write 1610612736"),
            ("64Ki", "write 65536"),
            ("512B", "write 512"),
            ("1'000'000", "write 1000000"),
            ("1 000", "write 1000"),
            (
                "5m",
                "it must be a whole number from 0 to 18446744073709551615",
            ),
            (
                "1 00",
                "it must be a whole number from 0 to 18446744073709551615",
            ),
            (
                "30s",
                "it must be a whole number from 0 to 18446744073709551615",
            ),
            ("0x1B", "write 27"),
        ],
    );
    assert_reasons::<u128>(
        "a u128",
        &[(
            "340282366920938463463374607431768211456",
            "it must be from 0 to 340282366920938463463374607431768211455",
        )],
    );
    assert_reasons::<NonZeroU16>(
        "a u16 above 0",
        &[
            ("0", "it must be from 1 to 65535"),
            ("65536", "it must be from 1 to 65535"),
            ("x", "it must be a whole number from 1 to 65535"),
            ("1.0", "write 1"),
            ("0.0", "it must be a whole number from 1 to 65535"),
        ],
    );
    assert_reasons::<NonZeroI8>(
        "an i8 other than 0",
        &[
            ("0", "it must not be 0"),
            ("128", "it must be from -128 to 127"),
        ],
    );
}

#[test]
fn a_number_with_a_fraction_or_a_character_is_explained() {
    assert_reasons::<f64>(
        "an f64",
        &[
            ("x", "it must be a number, like 0.5"),
            ("50%", "it must be a number, like 0.5"),
            ("0,5", "write 0.5"),
            ("1_000.5", "write 1000.5"),
            ("1,000", "write 1000"),
            ("-0,5", "write -0.5"),
        ],
    );
    assert_reasons::<char>("a single character", &[("ab", "it has 2 characters")]);
}

#[test]
fn an_address_is_corrected() {
    assert_reasons::<IpAddr>(
        "an IP address",
        &[
            ("localhost", "names are not looked up; write 127.0.0.1"),
            ("*", "* is not read; write 0.0.0.0"),
            ("[::1]", "write ::1"),
            (" 127.0.0.1 ", "write 127.0.0.1"),
            ("'127.0.0.1'", "write 127.0.0.1"),
            (
                "127.0.0.1:80",
                "the port does not belong here; write 127.0.0.1",
            ),
            ("[::1]:80", "the port does not belong here; write ::1"),
            ("10.0.0.0/8", "a network is not read; write 10.0.0.0"),
            ("fe80::1%eth0", "a zone is not read; write fe80::1"),
            ("010.0.0.01", "leading zeros are not read; write 10.0.0.1"),
            ("example.com", "it must be like 127.0.0.1 or ::1"),
            ("256.0.0.1", "it must be like 127.0.0.1 or ::1"),
        ],
    );
    assert_reasons::<Ipv4Addr>(
        "an IPv4 address",
        &[
            ("::1", "it is an IPv6 address"),
            ("x", "it must be like 127.0.0.1"),
        ],
    );
    assert_reasons::<Ipv6Addr>(
        "an IPv6 address",
        &[
            ("127.0.0.1", "it is an IPv4 address"),
            ("localhost", "names are not looked up; write ::1"),
            ("*", "* is not read; write ::"),
        ],
    );
    assert_reasons::<SocketAddr>(
        "a socket address, like 127.0.0.1:8000",
        &[
            ("127.0.0.1", "the port is missing, as in 127.0.0.1:8000"),
            ("::1", "the port is missing, as in [::1]:8000"),
            ("[::1]", "the port is missing, as in [::1]:8000"),
            (
                "::1:80",
                "an IPv6 address stands in brackets; write [::1]:80",
            ),
            ("8000", "the address is missing; write 0.0.0.0:8000"),
            (":8000", "the address is missing; write 0.0.0.0:8000"),
            ("*:8000", "the address is missing; write 0.0.0.0:8000"),
            (
                "localhost:80",
                "names are not looked up; write 127.0.0.1:80",
            ),
            ("127.0.0.1:65536", "the port must be from 0 to 65535"),
            ("\"127.0.0.1:8000\"", "write 127.0.0.1:8000"),
            (
                "010.0.0.1:80",
                "leading zeros are not read; write 10.0.0.1:80",
            ),
            (
                "example.com:65536",
                "it must be like 127.0.0.1:8000 or [::1]:8000",
            ),
            ("127.0.0.1:", "it must be like 127.0.0.1:8000 or [::1]:8000"),
            (
                "127.0.0.1:https",
                "it must be like 127.0.0.1:8000 or [::1]:8000",
            ),
            (
                "http://127.0.0.1:80/",
                "a scheme is not read; write 127.0.0.1:80",
            ),
            (
                "example.com:80",
                "it must be like 127.0.0.1:8000 or [::1]:8000",
            ),
        ],
    );
    assert_reasons::<SocketAddrV4>(
        "an IPv4 socket address, like 127.0.0.1:8000",
        &[
            ("[::1]:80", "it is an IPv6 address"),
            ("x", "it must be like 127.0.0.1:8000"),
        ],
    );
    assert_reasons::<SocketAddrV6>(
        "an IPv6 socket address, like [::1]:8000",
        &[
            ("127.0.0.1:80", "it is an IPv4 address"),
            (":80", "the address is missing; write [::]:80"),
        ],
    );
}

/// A type of another crate, with the error of the parser that it calls.
#[derive(Debug)]
#[expect(dead_code, reason = "never read")]
struct IpNet(IpAddr, u8);

impl FromStr for IpNet {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|address| Self(address, 32))
    }
}

/// A type of another crate, with an error of its own.
#[derive(Debug)]
#[expect(dead_code, reason = "never read")]
struct PoolSize(u8);

impl FromStr for PoolSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(format!("{text} is no size"))
    }
}

/// A type that names its form, and passes on an error of the library.
#[derive(Debug)]
#[expect(dead_code, reason = "never read")]
struct Mode(u16);

impl EnvValue for Mode {
    const FORM: Form = Form::noun("file mode, like 640");

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let mode = u16::from_str_radix(text.as_str()?, 8);
        mode.map(Self).map_err(Invalid::new)
    }
}

fn octal(text: &str) -> Result<u16, ParseIntError> {
    u16::from_str_radix(text, 8)
}

#[test]
fn types_of_others_have_a_noun_and_their_own_words() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        nets: Vec<IpNet>,
        by_name: BTreeMap<String, IpNet>,
        net: IpNet,
        maybe: Option<IpNet>,
        pair: [PoolSize; 2],
        pool: PoolSize,
        missing: Vec<PoolSize>,
        mode: Mode,
        modes: Vec<Mode>,
        #[env(parse = octal)]
        mask: u16,
        #[env(validate = fails)]
        checked: u16,
    }

    fn fails(_: &u16) -> Result<(), ParseIntError> {
        octal("9").map(|_| ())
    }

    assert_eq!(
        problems::<Cfg>(&[
            ("APP_NETS", "1.2.3.4, ::1, x"),
            ("APP_BY_NAME", "a=1.2.3.4,b=x"),
            ("APP_NET", "x"),
            ("APP_MAYBE", "x"),
            ("APP_PAIR", "1,2"),
            ("APP_POOL", "1"),
            ("APP_MODE", "888"),
            ("APP_MODES", "640,777777777"),
            ("APP_MASK", "9"),
            ("APP_CHECKED", "9"),
        ]),
        "  APP_NETS     \"1.2.3.4, ::1, x\": element 3, \"x\", is not an IP network: \
         the address has a mistake\n\
         \x20 APP_BY_NAME  \"a=1.2.3.4,b=x\": the value of element 2, \"b=x\", is not an IP network: \
         the address has a mistake\n\
         \x20 APP_NET      \"x\" is not an IP network: the address has a mistake\n\
         \x20 APP_MAYBE    \"x\" is not an IP network: the address has a mistake\n\
         \x20 APP_PAIR     \"1,2\": element 1, \"1\", is not a pool size (element 2 is wrong too): \
         1 is no size\n\
         \x20 APP_POOL     \"1\" is not a pool size: 1 is no size\n\
         \x20 APP_MISSING  not set; expected a list, each a pool size\n\
         \x20 APP_MODE     \"888\" is not a file mode, like 640: \
         it has a character that is not a digit\n\
         \x20 APP_MODES    \"640,777777777\": element 2, \"777777777\", is not a file mode, like 640: \
         it is too large\n\
         \x20 APP_MASK     \"9\" is not a u16: it has a character that is not a digit\n\
         \x20 APP_CHECKED  \"9\" is refused: it has a character that is not a digit"
    );
}

#[test]
fn the_mistakes_of_a_map_name_the_half_that_is_wrong() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        map: BTreeMap<u8, u8>,
        nested: Vec<(u8, u8)>,
    }

    let map = |text| problems::<Cfg>(&[("APP_MAP", text), ("APP_NESTED", "1")]);
    for (text, reason) in [
        (
            "x=1",
            "the key of element 1, \"x=1\", is not a u8: it must be a whole number from 0 to 255",
        ),
        (
            "1=x",
            "the value of element 1, \"1=x\", is not a u8: it must be a whole number from 0 to 255",
        ),
        ("=1", "element 1, \"=1\", has no key; write key=value"),
        ("1=1, =2", "element 2, \"=2\", has no key; write key=value"),
        ("1", "element 1, \"1\", has no =; write key=value"),
        ("1=1,1=2", "element 2 repeats the key \"1\""),
    ] {
        assert_eq!(
            map(text),
            format!(
                "  APP_MAP     {text:?}: {reason}\n\
                 \x20 APP_NESTED  \"1\": element 1, \"1\", is not 2 elements: a u8, a u8: \
                 it has 1 element"
            )
        );
    }
}
