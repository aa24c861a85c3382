//! Sources: of the standard library, and of a stranger's making in every way of passing
//! them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::rc::Rc;
use std::sync::Arc;

use environ::{EnvConfig, Source};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(default = 1)]
    port: u16,
    #[env(default = "none")]
    host: String,
}

/// A source of a stranger's making, which says nothing about threads.
struct Own(Rc<str>);

impl Source for Own {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        (name == "APP_PORT").then(|| Cow::Borrowed(OsStr::new(&*self.0)))
    }
}

/// A source of a stranger's making that threads can share.
struct Shared;

impl Source for Shared {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        (name == "APP_PORT").then_some(Cow::Borrowed(OsStr::new("80")))
    }
}

fn port(source: impl Source) -> u16 {
    Cfg::from_source(source).unwrap().port
}

fn in_generic_code<S: Source + ?Sized>(source: &S) -> u16 {
    assert_eq!(Cfg::check(source).unwrap(), []);
    Cfg::from_source(source).unwrap().port
}

#[test]
fn an_own_source_is_passed_by_value_reference_box_rc_arc_and_as_a_trait_object() {
    let own = || Own("80".into());
    assert_eq!(port(own()), 80);
    assert_eq!(port(own()), 80);
    assert_eq!(port(own()), 80);
    assert_eq!(port(Box::new(own())), 80);
    assert_eq!(port(Rc::new(own())), 80);
    assert_eq!(port(Arc::new(Shared)), 80);
    assert_eq!(port(&own() as &dyn Source), 80);
    assert_eq!(port(Box::new(own()) as Box<dyn Source>), 80);
    assert_eq!(port(&(Box::new(own()) as Box<dyn Source>)), 80);
    assert_eq!(port(Rc::new(own()) as Rc<dyn Source>), 80);
    assert_eq!(port(Arc::new(Shared) as Arc<dyn Source + Send + Sync>), 80);
    assert_eq!(in_generic_code(&own()), 80);
    assert_eq!(in_generic_code::<dyn Source>(&own()), 80);
}

#[test]
fn a_loader_takes_an_own_source_in_the_same_ways() {
    let arc: Arc<dyn Source + Send + Sync> = Arc::new(Shared);
    let boxed: Box<dyn Source + Send + Sync> = Box::new(Shared);
    for loader in [
        Cfg::loader().source(Shared),
        Cfg::loader().source(&Shared),
        Cfg::loader().source(Arc::clone(&arc)),
        Cfg::loader().source(&arc),
        Cfg::loader().source(&*arc),
        Cfg::loader().source(&boxed),
        Cfg::loader().source(Box::new(Shared)),
    ] {
        assert_eq!(loader.load().unwrap().config.port, 80);
    }
}

#[test]
fn maps_of_every_kind_of_name_are_sources() {
    let os: HashMap<OsString, OsString> = [("APP_PORT".into(), "80".into())].into();
    assert_eq!(port(&os), 80);
    assert_eq!(port(os.into_iter().collect::<BTreeMap<_, _>>()), 80);
    assert_eq!(port(HashMap::from([("APP_PORT", "80")])), 80);
    assert_eq!(port(BTreeMap::from([("APP_PORT", "80")])), 80);
    assert_eq!(port(HashMap::from([("APP_PORT".to_owned(), "80")])), 80);
    assert_eq!(port(BTreeMap::from([("APP_PORT".to_owned(), "80")])), 80);
}

#[test]
fn the_unit_is_the_empty_source() {
    assert_eq!(port(()), 1);
    assert_eq!(Cfg::check(()).unwrap(), []);
    assert_eq!(
        Cfg::loader()
            .source(())
            .strict()
            .load()
            .unwrap()
            .config
            .port,
        1
    );
}

#[test]
fn in_a_tuple_the_first_source_that_has_a_variable_counts() {
    let over = [("APP_PORT", "80"), ("APP_HOST", "")];
    let under = BTreeMap::from([("APP_PORT", "81"), ("APP_HOST", "under")]);
    let cfg = Cfg::from_source((over, &under)).unwrap();
    assert_eq!((cfg.port, &*cfg.host), (80, "under"));
    let cfg = Cfg::from_source(((), (over, ()))).unwrap();
    assert_eq!((cfg.port, &*cfg.host), (80, "none"));
    let names = (over, &under).names().unwrap();
    assert_eq!(names.len(), 4);
    assert_eq!((over, environ::from_fn(|_| None::<&str>)).names(), None);
}

/// A list asks for many variables, so that those of both sources are sorted first.
#[test]
fn a_tuple_of_pairs_is_read_in_the_same_way_after_its_names_are_listed() {
    #[derive(Debug, EnvConfig)]
    struct Hosts {
        #[env(group)]
        host: Vec<Cfg>,
    }

    let over = [("APP_HOST_0_PORT", "80"), ("APP_HOST_0_HOST", "")];
    let under = [("APP_HOST_0_PORT", "81"), ("APP_HOST_0_HOST", "under")];
    let hosts = Hosts::from_source((over, (under, ()))).unwrap().host;
    assert_eq!(hosts.len(), 1);
    assert_eq!((hosts[0].port, &*hosts[0].host), (80, "under"));
    let hosts = Hosts::from_source((under, over)).unwrap().host;
    assert_eq!((hosts[0].port, &*hosts[0].host), (81, "under"));
}

#[test]
fn the_argument_of_a_closure_is_inferred() {
    let ports = HashMap::from([("APP_PORT", "80")]);
    let source = environ::from_fn(|name| ports.get(name).copied());
    assert_eq!(port(source), 80);
    assert_eq!(
        port(environ::from_fn(|name| Some(name.len().to_string()))),
        8
    );
    assert_eq!(format!("{source:?}"), "FromFn");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn the_function_of_the_standard_library_is_a_source_in_a_closure() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "CARGO_PKG")]
    struct Package {
        name: String,
    }

    let package = Package::from_source(environ::from_fn(|name| std::env::var_os(name)));
    assert_eq!(package.unwrap().name, "tests");
}

#[test]
fn a_loader_loads_more_than_once() {
    let loader = Cfg::loader().source([("APP_PORT", "80")]);
    assert_eq!(loader.load().unwrap().config, loader.load().unwrap().config);
}
