::environ::__private::editor! {
    of_struct { prefix as _, }
    of_field {
        default as _, alias as _, validate as _, name as _, separator as _, secret as _, default_fn as _, parse as _,
        default as _, default as _, truthy as _, default as _, range as _, json as _, group as _, group as _, flatten as _,
        group as _, non_empty as _, group as _, skip as _,
    }
}
const _: () = {
    use ::environ::__private::{self as __environ, Fallback as _};
    __environ::release!("RELEASE");

    #[automatically_derived]
    impl __environ::EnvConfig for AppConfig {
        const SPEC: &'static __environ::Spec = &__environ::Spec::new("AppConfig", &[
            __environ::Item::var("port", "PORT", __environ::Probe::<u16>::FORM, __environ::Probe::<u16>::SECRET, "u16").default("8000").details(&__environ::Details::NONE.aliases(&["PORT"])).doc("Port to listen on; 0 picks a free one."),
            __environ::Item::named("lang", "LANG", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").optional(),
            __environ::Item::var("hosts", "HOSTS", __environ::Probe::<Vec<Url>>::FORM, __environ::Probe::<Vec<Url>>::SECRET, "Vec<Url>").details(&__environ::Details::NONE.separator(";")),
            __environ::Item::var("token", "TOKEN", __environ::Probe::<Secret<String>>::FORM, __environ::Probe::<Secret<String>>::SECRET, "String").secret::<Secret<String>>(),
            __environ::Item::var("workers", "WORKERS", __environ::Probe::<usize>::FORM, __environ::Probe::<usize>::SECRET, "usize").optional(),
            __environ::Item::var("mode", "MODE", __environ::Probe::<Mode>::FORM, __environ::Probe::<Mode>::SECRET, "Mode").reads(&__environ::Form::spelled("Mode")),
            __environ::Item::var("retries", "RETRIES", __environ::Probe::<u8>::FORM, __environ::Probe::<u8>::SECRET, "u8").optional(),
            __environ::Item::var("verbose", "VERBOSE", __environ::Probe::<bool>::FORM, __environ::Probe::<bool>::SECRET, "bool").reads(&__environ::Form::TRUTHY).default("false"),
            __environ::Item::var("threads", "THREADS", __environ::Probe::<u8>::FORM, __environ::Probe::<u8>::SECRET, "u8").default("4").details(&__environ::Details::NONE.range(|| __environ::bounds!(u8, 1..=64).text(), "1 ..= 64")),
            __environ::Item::var("routes", "ROUTES", __environ::Probe::<Routes>::FORM, __environ::Probe::<Routes>::SECRET, "Routes").reads(&__environ::Form::JSON),
            __environ::Item::group("log", "LOG", <Log as __environ::EnvConfig>::SPEC),
            __environ::Item::group_at("db", "", <Db as __environ::EnvConfig>::SPEC).optional(),
            __environ::Item::group("upstreams", "UPSTREAMS", <Upstream as __environ::EnvConfig>::SPEC).list(),
            __environ::Item::group("tenants", "TENANTS", <Tenant as __environ::EnvConfig>::SPEC).map(),
            __environ::Item::rule(__environ::RuleKind::AtLeastOneOf, &[12usize]),
        ]).prefix("APP").doc("The demo service.");

        fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            let __field0 = __environ::Pass::var(__pass, 0usize, |__text| __environ::valid(__environ::Probe::<u16>::read(__text), &[|__value| { let __rule = __environ::Rule(unprivileged); __environ::because((__rule.0)(__value), __environ::is_constant!(__rule)) }]));
            let __field1 = __environ::Pass::optional(__pass, 1usize, __environ::Probe::<String>::read);
            let __field2 = __environ::Pass::var(__pass, 2usize, __environ::Probe::<Vec<Url>>::read);
            let __field3 = __environ::Pass::var(__pass, 3usize, __environ::Probe::<Secret<String>>::read);
            let __field4 = __environ::Pass::var_or(__pass, 4usize, __environ::Probe::<usize>::read, available);
            let __field5 = __environ::Pass::var(__pass, 5usize, |__text| __text.parse_with(|__value| { let __rule = __environ::Rule(octal); __environ::parsed::<Mode, _, _>((__rule.0)(__value), __environ::is_constant!(__rule)) }));
            let __field6 = __environ::Pass::var_or(__pass, 6usize, __environ::Probe::<u8>::read, <u8 as __environ::Default>::default);
            let __field7 = __environ::Pass::var(__pass, 7usize, |__text| __environ::truthy::<bool>(__text));
            let __field8 = __environ::Pass::var(__pass, 8usize, |__text| __environ::valid(__environ::Probe::<u8>::read(__text), &[|__value| __environ::bounds!(u8, 1..=64).check(__value)]));
            let __field9 = __environ::Pass::var(__pass, 9usize, |__text| __environ::json::<Routes>(__text));
            let __field10 = __pass.group(10usize, <Log as __environ::EnvConfig>::SPEC, <Log as __environ::EnvConfig>::load);
            let __field11 = __pass.optional_group(11usize, <Db as __environ::EnvConfig>::SPEC, <Db as __environ::EnvConfig>::load);
            let __field12 = __pass.groups(12usize, <Upstream as __environ::EnvConfig>::SPEC, <Upstream as __environ::EnvConfig>::load);
            let __field13 = __pass.group_map::<String, _, _>(13usize, <Tenant as __environ::EnvConfig>::SPEC, <Tenant as __environ::EnvConfig>::load);
            let __keeps_rules = __pass.keeps_rules();
            match (
                __field0, __field1, __field2, __field3, __field4, __field5, __field6,
                __field7, __field8, __field9, __field10, __field11, __field12, __field13,
            ) {
                (
                    __environ::Some(__field0), __environ::Some(__field1), __environ::Some(__field2), __environ::Some(__field3),
                    __environ::Some(__field4), __environ::Some(__field5), __environ::Some(__field6), __environ::Some(__field7),
                    __environ::Some(__field8), __environ::Some(__field9), __environ::Some(__field10), __environ::Some(__field11),
                    __environ::Some(__field12), __environ::Some(__field13),
                ) if __keeps_rules => __environ::Some(Self {
                    port: __field0, r#lang: __field1, hosts: __field2, token: __field3, workers: __field4,
                    mode: __field5, retries: __field6, verbose: __field7, threads: __field8, routes: __field9,
                    log: __field10, db: __field11, upstreams: __field12, tenants: __field13,
                    started: <Cell as __environ::Default>::default(),
                }),
                _ => __environ::None,
            }
        }
    }

    const _: () = __environ::assert_unique_in_group::<AppConfig>();
    const _: () = __environ::Probe::<u16>::TEXTS.assert_default("8000", __environ::Probe::<u16>::FORM);
    const _: () = __environ::Probe::<u8>::TEXTS.assert_default("4", __environ::Probe::<u8>::FORM);
};
