//! The types of the standard library that hold one thing.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI128, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI8, NonZeroIsize, NonZeroU128,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU8, NonZeroUsize,
};
use std::path::PathBuf;

use super::{EnvValue, Form, Invalid, Text};

macro_rules! by_from_str {
    ($($ty:ident $noun:literal)*) => {$(
        impl EnvValue for $ty {
            const FORM: Form = Form::Type($noun);

            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                text.as_str()?.parse().map_err(Invalid::new)
            }
        }
    )*};
}

by_from_str! {
    u8 "u8" u16 "u16" u32 "u32" u64 "u64" u128 "u128" usize "usize"
    i8 "i8" i16 "i16" i32 "i32" i64 "i64" i128 "i128" isize "isize"
    f32 "f32" f64 "f64"
    NonZeroU8 "u8 above 0" NonZeroU16 "u16 above 0" NonZeroU32 "u32 above 0"
    NonZeroU64 "u64 above 0" NonZeroU128 "u128 above 0" NonZeroUsize "usize above 0"
    NonZeroI8 "i8 other than 0" NonZeroI16 "i16 other than 0" NonZeroI32 "i32 other than 0"
    NonZeroI64 "i64 other than 0" NonZeroI128 "i128 other than 0"
    NonZeroIsize "isize other than 0"
    char "single character"
    IpAddr "IP address" Ipv4Addr "IPv4 address" Ipv6Addr "IPv6 address"
    SocketAddr "socket address, like 127.0.0.1:8000"
    SocketAddrV4 "IPv4 socket address, like 127.0.0.1:8000"
    SocketAddrV6 "IPv6 socket address, like [::1]:8000"
}

impl EnvValue for bool {
    const FORM: Form = Form::Words(&["true", "false", "yes", "no", "on", "off", "1", "0"]);

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.word(&[&["false", "no", "off", "0"], &["true", "yes", "on", "1"]])
            .map(|index| index == 1)
    }
}

impl EnvValue for String {
    const FORM: Form = Form::Text;

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.take_string()
    }
}

/// Takes text that is not UTF-8 too.
impl EnvValue for OsString {
    const FORM: Form = Form::Text;

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string())
    }
}

/// Takes text that is not UTF-8 too.
impl EnvValue for PathBuf {
    const FORM: Form = Form::Text;

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string().into())
    }
}
