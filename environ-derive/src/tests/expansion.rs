const _: () = {
    use ::environ::__private::{self as __environ, Fallback as _};

    #[automatically_derived]
    #[allow(deprecated)]
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

        fn load(pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            let field0 = pass.var(0usize, |text| __environ::valid(__environ::Probe::<u16>::read(text), &[|value| __environ::because(unprivileged(value))]));
            let field1 = pass.optional(1usize, __environ::Probe::<String>::read);
            let field2 = pass.var(2usize, __environ::Probe::<Vec<Url>>::read);
            let field3 = pass.var(3usize, __environ::Probe::<Secret<String>>::read);
            let field4 = pass.var_or(4usize, __environ::Probe::<usize>::read, available);
            let field5 = pass.var(5usize, |text| text.parse_with(octal));
            let field6 = pass.group(6usize, <Log as __environ::EnvConfig>::load);
            let field7 = pass.optional_group(7usize, <Db as __environ::EnvConfig>::load);
            match (field0, field1, field2, field3, field4, field5, field6, field7,) {
                (
                    __environ::Some(field0), __environ::Some(field1), __environ::Some(field2), __environ::Some(field3),
                    __environ::Some(field4), __environ::Some(field5), __environ::Some(field6), __environ::Some(field7),
                ) => __environ::Some(Self {
                    port: field0, r#lang: field1, hosts: field2, token: field3,
                    workers: field4, mode: field5, log: field6, db: field7,
                    started: <Cell as __environ::Default>::default(),
                }),
                _ => __environ::None,
            }
        }
    }

    #[allow(long_running_const_eval)]
    const _: () = __environ::assert_unique_in_group::<AppConfig>();
};
