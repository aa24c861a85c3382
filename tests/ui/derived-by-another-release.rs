//! The macro of another release uses items that this release does not have: a sentence says so
//! beside the errors about them.

pub struct AppConfig {
    pub port: u16,
}

const _: () = {
    use ::environ::__private::{self as __environ};
    __environ::release!("9.9.9");
    impl __environ::EnvConfig for AppConfig {
        const SPEC: &'static __environ::Gone = &__environ::Gone;
        fn load(_: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
            __environ::None
        }
    }
};

fn main() {}
