const _: () = {
    use ::environ::__private::{self as __environ, Fallback as _};

    #[automatically_derived]
    impl __environ::EnvConfig for AppConfig {
        const SPEC: &'static __environ::Spec = &__environ::Spec::new("AppConfig", &[
            __environ::Item::var("port", "PORT", __environ::Probe::<u16>::FORM, __environ::Probe::<u16>::SECRET, "u16").default("8000").aliases(&["PORT"]).doc("Port to listen on; 0 picks a free one."),
            __environ::Item::named("lang", "LANG", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").optional(),
            __environ::Item::var("hosts", "HOSTS", __environ::Probe::<Vec<Url>>::FORM, __environ::Probe::<Vec<Url>>::SECRET, "Vec<Url>").separator(";"),
            __environ::Item::var("token", "TOKEN", __environ::Probe::<Secret<String>>::FORM, __environ::Probe::<Secret<String>>::SECRET, "String").secret::<Secret<String>>(),
            __environ::Item::var("workers", "WORKERS", __environ::Probe::<usize>::FORM, __environ::Probe::<usize>::SECRET, "usize").optional(),
            __environ::Item::var("mode", "MODE", __environ::Probe::<Mode>::FORM, __environ::Probe::<Mode>::SECRET, "Mode").reads(__environ::Form::Spelled("Mode")),
            __environ::Item::group("log", "LOG", <Log as __environ::EnvConfig>::SPEC),
            __environ::Item::group_at("db", "", <Db as __environ::EnvConfig>::SPEC).optional(),
        ]).prefix("APP").doc("The demo service.");

        fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            let __field0 = __environ::Pass::var(__pass, 0usize, |__text| __environ::valid(__environ::Probe::<u16>::read(__text), &[|__value| __environ::because(unprivileged(__value))]));
            let __field1 = __environ::Pass::optional(__pass, 1usize, __environ::Probe::<String>::read);
            let __field2 = __environ::Pass::var(__pass, 2usize, __environ::Probe::<Vec<Url>>::read);
            let __field3 = __environ::Pass::var(__pass, 3usize, __environ::Probe::<Secret<String>>::read);
            let __field4 = __environ::Pass::var_or(__pass, 4usize, __environ::Probe::<usize>::read, available);
            let __field5 = __environ::Pass::var(__pass, 5usize, |__text| __text.parse_with(|__value| __environ::parsed(octal(__value))));
            let __field6 = __pass.group(6usize, <Log as __environ::EnvConfig>::SPEC, <Log as __environ::EnvConfig>::load);
            let __field7 = __pass.optional_group(7usize, <Db as __environ::EnvConfig>::SPEC, <Db as __environ::EnvConfig>::load);
            match (__field0, __field1, __field2, __field3, __field4, __field5, __field6, __field7,) {
                (
                    __environ::Some(__field0), __environ::Some(__field1), __environ::Some(__field2), __environ::Some(__field3),
                    __environ::Some(__field4), __environ::Some(__field5), __environ::Some(__field6), __environ::Some(__field7),
                ) => __environ::Some(Self {
                    port: __field0, r#lang: __field1, hosts: __field2, token: __field3,
                    workers: __field4, mode: __field5, log: __field6, db: __field7,
                    started: <Cell as __environ::Default>::default(),
                }),
                _ => __environ::None,
            }
        }
    }

    const _: () = __environ::assert_unique_in_group::<AppConfig>();
};
