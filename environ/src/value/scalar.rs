//! The types of the standard library that hold one thing.

use std::borrow::Cow;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI128, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI8, NonZeroIsize, NonZeroU128,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU8, NonZeroUsize,
};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::{Accepted, EnvValue, Form, Invalid, Text};

macro_rules! by_from_str {
    ($($ty:ident $noun:literal $example:literal $($texts:ident($least:expr, $most:expr))?;)*) => {$(
        impl EnvValue for $ty {
            const FORM: Form = Form::Like($noun, $example);
            $(const TEXTS: Accepted = Accepted::$texts($least as _, $most as _);)?

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                text.as_str()?.parse().map_err(Invalid::new)
            }
        }
    )*};
}

by_from_str! {
    u8 "u8" "1" Unsigned(0, u8::MAX);
    u16 "u16" "1" Unsigned(0, u16::MAX);
    u32 "u32" "1" Unsigned(0, u32::MAX);
    u64 "u64" "1" Unsigned(0, u64::MAX);
    u128 "u128" "1" Unsigned(0, u128::MAX);
    usize "usize" "1" Unsigned(0, usize::MAX);
    i8 "i8" "1" Signed(i8::MIN, i8::MAX);
    i16 "i16" "1" Signed(i16::MIN, i16::MAX);
    i32 "i32" "1" Signed(i32::MIN, i32::MAX);
    i64 "i64" "1" Signed(i64::MIN, i64::MAX);
    i128 "i128" "1" Signed(i128::MIN, i128::MAX);
    isize "isize" "1" Signed(isize::MIN, isize::MAX);
    f32 "f32" "0.5";
    f64 "f64" "0.5";
    NonZeroU8 "u8 above 0" "1" Unsigned(1, u8::MAX);
    NonZeroU16 "u16 above 0" "1" Unsigned(1, u16::MAX);
    NonZeroU32 "u32 above 0" "1" Unsigned(1, u32::MAX);
    NonZeroU64 "u64 above 0" "1" Unsigned(1, u64::MAX);
    NonZeroU128 "u128 above 0" "1" Unsigned(1, u128::MAX);
    NonZeroUsize "usize above 0" "1" Unsigned(1, usize::MAX);
    NonZeroI8 "i8 other than 0" "1";
    NonZeroI16 "i16 other than 0" "1";
    NonZeroI32 "i32 other than 0" "1";
    NonZeroI64 "i64 other than 0" "1";
    NonZeroI128 "i128 other than 0" "1";
    NonZeroIsize "isize other than 0" "1";
    char "single character" "x";
    IpAddr "IP address" "127.0.0.1";
    Ipv4Addr "IPv4 address" "127.0.0.1";
    Ipv6Addr "IPv6 address" "::1";
    SocketAddr "socket address, like 127.0.0.1:8000" "127.0.0.1:8000";
    SocketAddrV4 "IPv4 socket address, like 127.0.0.1:8000" "127.0.0.1:8000";
    SocketAddrV6 "IPv6 socket address, like [::1]:8000" "[::1]:8000";
}

impl EnvValue for bool {
    const FORM: Form = Form::Words(&["true", "false", "yes", "no", "on", "off", "1", "0"]);
    const TEXTS: Accepted =
        Accepted::Words(&[&["false", "no", "off", "0"], &["true", "yes", "on", "1"]]);

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        match text.as_str()? {
            "true" => return Ok(true),
            "false" => return Ok(false),
            _ => {}
        }
        text.word(Self::TEXTS.words()).map(|index| index == 1)
    }
}

impl EnvValue for String {
    const FORM: Form = Form::Text;

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.take_string()
    }
}

macro_rules! by_string {
    ($($ty:ty)*) => {$(
        impl EnvValue for $ty {
            const FORM: Form = Form::Text;

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                text.take_string().map(Self::from)
            }
        }
    )*};
}

by_string! {
    Arc<str>
    Box<str>
    Cow<'static, str>
    Rc<str>
}

/// Takes text that is not UTF-8 too.
impl EnvValue for OsString {
    const FORM: Form = Form::Text;

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string())
    }
}

/// Takes text that is not UTF-8 too.
impl EnvValue for PathBuf {
    const FORM: Form = Form::Text;

    #[inline]
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        Ok(text.take_os_string().into())
    }
}
