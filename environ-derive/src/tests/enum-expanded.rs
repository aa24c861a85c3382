::environ::__private::editor! { of_one_of { validate as _, } of_choice { default as _, rename as _, alias as _, } }
const _: () = {
    use ::environ::__private::{self as __environ, Fallback as _};
    __environ::release!("RELEASE");

    #[automatically_derived]
    impl __environ::EnvConfig for Store {
        const SPEC: &'static __environ::Spec = &__environ::Spec::new("Store", &[
            __environ::Item::selector(&__environ::Form::words(&["postgres", "none", "s3"]).word_aliases(&[("bucket", "s3")])).default("none").doc("Where visits are kept."),
            __environ::Item::variant("postgres", "POSTGRES", <Postgres as __environ::EnvConfig>::SPEC).doc("A table of a database."),
            __environ::Item::variant("s3", "S3", <Bucket as __environ::EnvConfig>::SPEC),
        ]).doc("Where visits are kept.");

        fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            match match __pass.select(&[&["postgres"], &["none"], &["s3", "bucket"]]) {
                __environ::Some(0usize) => __pass.variant(1usize, <Postgres as __environ::EnvConfig>::SPEC, <Postgres as __environ::EnvConfig>::load).map(Self::Postgres),
                __environ::Some(1usize) => __environ::Some(Self::None),
                __environ::Some(2usize) => __pass.variant(2usize, <Bucket as __environ::EnvConfig>::SPEC, <Bucket as __environ::EnvConfig>::load).map(Self::Bucket),
                _ => __environ::None,
            } {
                __environ::Some(__value) => __pass.whole(__value, &[|__value| { let __rule = __environ::Rule(reachable); __environ::because((__rule.0)(__value), __environ::is_constant!(__rule)) }]),
                __environ::None => __environ::None,
            }
        }
    }

    const _: () = __environ::assert_unique_in_group::<Store>();
};
