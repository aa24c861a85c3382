const _: () = {
    use ::environ::__private::{self as __environ, Fallback as _};

    #[automatically_derived]
    impl __environ::EnvConfig for AppConfig {
        const SPEC: &'static __environ::Spec = &__environ::Spec::new("AppConfig", &[
            __environ::Item::var("port", "PORT", __environ::Probe::<u16>::FORM, "u16").default("8000").aliases(&["PORT"]).doc("Port to listen on; 0 picks a free one."),
            __environ::Item::named("lang", "LANG", __environ::Probe::<String>::FORM, "String").optional(),
            __environ::Item::var("hosts", "HOSTS", __environ::Probe::<Vec<Url>>::FORM, "Vec<Url>").separator(";"),
            __environ::Item::var("token", "TOKEN", __environ::Probe::<Secret<String>>::FORM, "String").secret::<Secret<String>>(),
            __environ::Item::var("workers", "WORKERS", __environ::Probe::<usize>::FORM, "usize").optional(),
            __environ::Item::var("mode", "MODE", __environ::Probe::<Mode>::FORM, "Mode"),
            __environ::Item::group("log", "LOG", <Log as __environ::EnvConfig>::SPEC),
            __environ::Item::group_at("db", "", <Db as __environ::EnvConfig>::SPEC).optional(),
        ]).prefix("APP").doc("The demo service.");

        fn load(pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            let port = pass.var(0usize, |text| __environ::valid(__environ::Probe::<u16>::read(text), __environ::Probe::<u16>::SECRET, &[|value| __environ::because(unprivileged(value))]));
            let r#lang = pass.optional(1usize, __environ::Probe::<String>::read);
            let hosts = pass.var(2usize, __environ::Probe::<Vec<Url>>::read);
            let token = pass.var(3usize, __environ::Probe::<Secret<String>>::read);
            let workers = pass.var_or(4usize, __environ::Probe::<usize>::read, available);
            let mode = pass.var(5usize, |text| text.parse_with(octal));
            let log = pass.group(6usize, <Log as __environ::EnvConfig>::load);
            let db = pass.optional_group(7usize, <Db as __environ::EnvConfig>::load);
            match (port, r#lang, hosts, token, workers, mode, log, db,) {
                (
                    __environ::Some(port), __environ::Some(r#lang), __environ::Some(hosts), __environ::Some(token),
                    __environ::Some(workers), __environ::Some(mode), __environ::Some(log), __environ::Some(db),
                ) => __environ::Some(Self {
                    port, r#lang, hosts, token, workers, mode, log, db,
                    started: __environ::Default::default(),
                }),
                _ => __environ::None,
            }
        }
    }

    const _: () = __environ::assert_unique::<AppConfig>();
};
