::environ::__private::editor! {
    of_struct { delimiter as _, one_of as _, removed as _, }
    of_field {
        requires as _, len as _, expected as _, conflicts as _, unit as _, range as _, default as _, range as _, default_from as _,
        default_fn as _, present as _, allow_empty as _, default as _, group as _, when as _, group as _, switch as _,
        group as _, selector as _, group as _, defaults as _, skip as _, default_fn as _,
    }
}
const _: () = {
    use ::environ::__private::{ self as __environ, Fallback as _ };
    __environ::release!("RELEASE");
    const __SPEC9: &__environ::Spec = {
        const __INNER: &__environ::Spec = <Search as __environ::EnvConfig>::SPEC;
        &__INNER.switched(&[__environ::Item::switch("ENABLED"), __environ::Item::switched(__INNER),]) };
    const __SPEC10: &__environ::Spec = {
        const __SPEC: &__environ::Spec = <Storage as __environ::EnvConfig>::SPEC;
        const __ITEMS: [__environ::Item; __SPEC.number_of_items()] = __environ::Items::of(__SPEC).selector("TYPE").0;
        &__SPEC.with_items(&__ITEMS) };
    const __SPEC11: &__environ::Spec = {
        const __SPEC: &__environ::Spec = <Limit as __environ::EnvConfig>::SPEC;
        const __ITEMS: [__environ::Item; __SPEC.number_of_items()] = __environ::Items::of(__SPEC).default(__SPEC, "rate", "1").0;
        &__SPEC.with_items(&__ITEMS) };
    #[automatically_derived]
    impl __environ::EnvConfig for AppConfig {
        const SPEC: &'static __environ::Spec = &__environ::Spec::new("AppConfig", &[
            __environ::Item::var("url", "URL", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").optional(),
            __environ::Item::var("host", "HOST", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").optional().details(&__environ::Details::NONE.len(|| __environ::length::<String, _, _>(&(4 ..)).text(), "4 ..").expected("a host")),
            __environ::Item::var("timeout", "TIMEOUT", __environ::Probe::<Duration>::FORM, __environ::Probe::<Duration>::SECRET, "Duration").reads(__environ::BareUnit::<Duration, 2usize>::FORM).optional().details(&__environ::Details::NONE.range(|| __environ::text_bounds!(Duration, ("1s" ..= "1h"), | __text | __environ::in_unit::<Duration, 2usize>(__text)).text(), "\"1s\" ..= \"1h\"")),
            __environ::Item::var("folder", "FOLDER", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").default("data").details(&__environ::Details::NONE.range(|| __environ::text_bounds!(String, ("a" ..), __environ::Probe::<String>::read).text(), "\"a\" ..")),
            __environ::Item::var("tmp", "TMP", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").default_from(&[__environ::Part::Field(3usize), __environ::Part::Text("/tmp")]),
            __environ::Item::var("cache", "CACHE", __environ::Probe::<String>::FORM, __environ::Probe::<String>::SECRET, "String").optional(),
            __environ::Item::var("verbose", "VERBOSE", __environ::Probe::<bool>::FORM, __environ::Probe::<bool>::SECRET, "bool").reads(&__environ::Form::PRESENT).optional().allow_empty(),
            __environ::Item::var("retries", "RETRIES", __environ::Probe::<u8>::FORM, __environ::Probe::<u8>::SECRET, "u8").default("3").allow_empty(),
            __environ::Item::group("sentry", "SENTRY", <Sentry as __environ::EnvConfig>::SPEC).when("dsn").doc("Reports of errors."),
            __environ::Item::group("search", "SEARCH", __SPEC9).doc("The search."),
            __environ::Item::group("storage", "STORAGE", __SPEC10),
            __environ::Item::group("limit", "LIMIT", __SPEC11),
            __environ::Item::rule(__environ::RuleKind::OneOf, &[0usize, 1usize]),
            __environ::Item::rule(__environ::RuleKind::Requires, &[0usize, 2usize, 8usize]),
            __environ::Item::rule(__environ::RuleKind::AtMostOneOf, &[1usize, 9usize]),
            __environ::Item::rule(__environ::RuleKind::AtMostOneOf, &[1usize, 7usize]),
            __environ::Item::removed("OLD", "use APP_URL") ,]).with_composed_defaults().delimiter("_", "__");
        fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            let __field0 = __environ::Pass::optional(__pass, 0usize, __environ::Probe::<String>::read);
            let __field1 = __environ::Pass::optional(__pass, 1usize, | __text | __environ::valid(__environ::Probe::<String>::read(__text), &[| __value | __environ::length::<String, _, _>(&(4 ..)).check(__value)]));
            let __field2 = __environ::Pass::optional(__pass, 2usize, | __text | __environ::valid(__environ::in_unit::<Duration, 2usize>(__text), &[| __value | __environ::text_bounds!(Duration, ("1s" ..= "1h"), | __text | __environ::in_unit::<Duration, 2usize>(__text)).check(__value)]));
            let __field3 = __environ::Pass::var(__pass, 3usize, | __text | __environ::valid(__environ::Probe::<String>::read(__text), &[| __value | __environ::text_bounds!(String, ("a" ..), __environ::Probe::<String>::read).check(__value)]));
            let __field4 = __environ::Pass::var(__pass, 4usize, __environ::Probe::<String>::read);
            let __field5 = __environ::Pass::var_or_else(__pass, 5usize, &[4usize], | __text | __environ::unless_empty(__text, __environ::Probe::<String>::read), || match (&__field4 ,) {(__environ::Some(__value0) ,) => __environ::Some(beside(__value0)), _ => __environ::None, });
            let __field6 = __environ::Pass::var_or(__pass, 6usize, | _ | __environ::Ok(true), <bool as __environ::Default>::default);
            let __field7 = __environ::Pass::var(__pass, 7usize, | __text | __environ::unless_empty(__text, __environ::Probe::<u8>::read));
            let __field8 = __pass.group_when(8usize, <Sentry as __environ::EnvConfig>::SPEC, <Sentry as __environ::EnvConfig>::load);
            let __field9 = __pass.switched_group(9usize, __SPEC9, <Search as __environ::EnvConfig>::load);
            let __field10 = __pass.group(10usize, __SPEC10, <Storage as __environ::EnvConfig>::load);
            let __field11 = __pass.group(11usize, __SPEC11, <Limit as __environ::EnvConfig>::load);
            __pass.warn_of_removed();
            let __keeps_rules = __pass.keeps_rules();
            match (__field0, __field1, __field2, __field3, __field4, __field5, __field6, __field7, __field8, __field9, __field10, __field11,) {
                (__environ::Some(__field0), __environ::Some(__field1), __environ::Some(__field2), __environ::Some(__field3), __environ::Some(__field4), __environ::Some(__field5), __environ::Some(__field6), __environ::Some(__field7), __environ::Some(__field8), __environ::Some(__field9), __environ::Some(__field10), __environ::Some(__field11),) if __keeps_rules => __environ::Some({
                    let __skipped0 = address(&__field1, &__field2);
                    Self { url: __field0, host: __field1, timeout: __field2, folder: __field3, tmp: __field4, cache: __field5, verbose: __field6, retries: __field7, sentry: __field8, search: __field9, storage: __field10, limit: __field11, address: __skipped0 , }
                }),
                _ => __environ::None,
            }
        }
    }
    const _: () = __environ::assert_unique_in_group::<AppConfig>();
    const _: () = __environ::Probe::<String>::TEXTS.assert_default("data", __environ::Probe::<String>::FORM);
    const _: () = __environ::Probe::<String>::TEXTS.assert_end("a", __environ::Probe::<String>::FORM);
    const _: () = __environ::Probe::<u8>::TEXTS.assert_default("3", __environ::Probe::<u8>::FORM);
};
