//! A serializer that keeps the numbers that JSON lacks, or that `serde_json` changes: `inf` and `nan`
//! become texts, not `null`, and so does a whole number above 64 bits.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Error, Value};

/// Returns the value with all its numbers.
pub(super) fn to_value(value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    value.serialize(Keeping(serde_json::value::Serializer))
}

/// A serializer, or a part of a serializer, around that of `serde_json`.
struct Keeping<S>(S);

/// A value that is serialized by [`Keeping`].
struct Kept<'v, T: ?Sized>(&'v T);

impl<T: Serialize + ?Sized> Serialize for Kept<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Keeping(serializer))
    }
}

macro_rules! passed_on {
    ($($method:ident($($argument:ident: $ty:ty),*);)*) => {$(
        fn $method(self, $($argument: $ty),*) -> Result<S::Ok, S::Error> {
            self.0.$method($($argument),*)
        }
    )*};
}

macro_rules! compound {
    ($($method:ident($($argument:ident: $ty:ty),*) -> $compound:ident;)*) => {$(
        fn $method(self, $($argument: $ty),*) -> Result<Self::$compound, S::Error> {
            self.0.$method($($argument),*).map(Keeping)
        }
    )*};
}

impl<S: Serializer> Serializer for Keeping<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Keeping<S::SerializeSeq>;
    type SerializeTuple = Keeping<S::SerializeTuple>;
    type SerializeTupleStruct = Keeping<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Keeping<S::SerializeTupleVariant>;
    type SerializeMap = Keeping<S::SerializeMap>;
    type SerializeStruct = Keeping<S::SerializeStruct>;
    type SerializeStructVariant = Keeping<S::SerializeStructVariant>;

    passed_on! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_char(value: char);
        serialize_str(value: &str);
        serialize_bytes(value: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
    }

    compound! {
        serialize_seq(len: Option<usize>) -> SerializeSeq;
        serialize_tuple(len: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(
            name: &'static str, index: u32, variant: &'static str, len: usize
        ) -> SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, len: usize) -> SerializeStruct;
        serialize_struct_variant(
            name: &'static str, index: u32, variant: &'static str, len: usize
        ) -> SerializeStructVariant;
    }

    fn serialize_i128(self, value: i128) -> Result<S::Ok, S::Error> {
        match i64::try_from(value) {
            Ok(value) => self.0.serialize_i64(value),
            Err(_) => self.0.collect_str(&value),
        }
    }

    fn serialize_u128(self, value: u128) -> Result<S::Ok, S::Error> {
        match u64::try_from(value) {
            Ok(value) => self.0.serialize_u64(value),
            Err(_) => self.0.collect_str(&value),
        }
    }

    /// `0.1` stays `0.1`: the `f64` of the same value is `0.10000000149011612`.
    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        match value.to_string().parse::<f64>() {
            Ok(value) => self.serialize_f64(value),
            Err(_) => self.0.serialize_f32(value),
        }
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            return self.0.serialize_f64(value);
        }
        self.0.collect_str(&value)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_some(&Kept(value))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_struct(name, &Kept(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Kept(value);
        self.0
            .serialize_newtype_variant(name, index, variant, &value)
    }
}

macro_rules! parts {
    ($($part:ident: $($method:ident($($key:ident)?)),*;)*) => {$(
        impl<S: $part> $part for Keeping<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(
                fn $method<T: Serialize + ?Sized>(
                    &mut self,
                    $($key: &'static str,)?
                    value: &T,
                ) -> Result<(), S::Error> {
                    self.0.$method($($key,)? &Kept(value))
                }
            )*

            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        }
    )*};
}

parts! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeMap: serialize_key(), serialize_value();
    SerializeStruct: serialize_field(key);
    SerializeStructVariant: serialize_field(key);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::to_value;

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Newtype(f64);

    #[derive(Serialize)]
    struct Tuple(f32, u8);

    #[derive(Serialize)]
    enum Enum {
        Unit,
        Newtype(f64),
        Tuple(f64, f64),
        Struct { x: f64 },
    }

    #[derive(Serialize)]
    struct All<'a> {
        whole: (i8, u64, bool, char),
        wide: (i128, i128, u128, u128),
        single: (f32, f32),
        texts: [&'a str; 2],
        none: Option<f64>,
        some: Option<f64>,
        units: ((), Unit),
        newtype: Newtype,
        tuple: Tuple,
        variants: Vec<Enum>,
        map: BTreeMap<u8, f64>,
    }

    #[test]
    fn numbers_that_json_lacks_are_texts() {
        let all = All {
            whole: (-1, u64::MAX, true, 'x'),
            wide: (-1, i128::MIN, 1, u128::MAX),
            single: (0.1, f32::MAX),
            texts: ["a", ""],
            none: None,
            some: Some(f64::INFINITY),
            units: ((), Unit),
            newtype: Newtype(f64::NEG_INFINITY),
            tuple: Tuple(f32::NAN, 1),
            variants: vec![
                Enum::Unit,
                Enum::Newtype(f64::NAN),
                Enum::Tuple(0.5, f64::INFINITY),
                Enum::Struct { x: f64::INFINITY },
            ],
            map: BTreeMap::from([(1, 1.5), (2, f64::NAN)]),
        };
        let expected = json!({
            "whole": [-1, u64::MAX, true, "x"],
            "wide": [-1, i128::MIN.to_string(), 1, u128::MAX.to_string()],
            "single": [0.1, 3.402_823_5e38],
            "texts": ["a", ""],
            "none": null,
            "some": "inf",
            "units": [null, null],
            "newtype": "-inf",
            "tuple": ["NaN", 1],
            "variants": [
                "Unit",
                { "Newtype": "NaN" },
                { "Tuple": [0.5, "inf"] },
                { "Struct": { "x": "inf" } },
            ],
            "map": { "1": 1.5, "2": "NaN" },
        });
        assert_eq!(to_value(&all).unwrap(), expected);
    }
}
