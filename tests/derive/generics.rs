use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use environ::EnvConfig;

use crate::load;

/// No bound is written: the derive adds the bounds of the fields.
#[derive(Debug, PartialEq, EnvConfig)]
struct Limits<T> {
    most: T,
    least: Option<T>,
    #[env(default)]
    steps: Vec<T>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg<'a, G: PartialEq, const N: usize> {
    #[env(group)]
    limits: G,
    #[env(group)]
    optional: Option<G>,
    #[env(skip)]
    nothing: PhantomData<&'a [u8; N]>,
}

#[test]
fn type_parameters_are_values_and_groups() {
    let cfg: Cfg<'_, Limits<Duration>, 3> =
        load(&[("APP_LIMITS_MOST", "5s"), ("APP_LIMITS_STEPS", "1s,2s")]);
    let limits = Limits {
        most: Duration::from_secs(5),
        least: None,
        steps: vec![Duration::from_secs(1), Duration::from_secs(2)],
    };
    assert_eq!(
        cfg,
        Cfg {
            limits,
            optional: None,
            nothing: PhantomData
        }
    );
}

/// The only bound is that of the array.
#[test]
fn a_type_parameter_may_be_inside_an_array() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Ends<T> {
        ends: [T; 2],
    }

    assert_eq!(
        load::<Ends<u16>>(&[("APP_ENDS", "1,9")]),
        Ends { ends: [1, 9] }
    );
}

#[derive(Debug, PartialEq)]
struct Upper(String);

impl FromStr for Upper {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_uppercase()))
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(bound = "T: FromStr, T::Err: std::fmt::Display")]
struct Foreign<T> {
    value: T,
}

#[test]
fn a_bound_can_be_given() {
    let cfg: Foreign<Upper> = load(&[("APP_VALUE", "x")]);
    assert_eq!(cfg.value, Upper("X".into()));
}
