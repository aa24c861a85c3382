//! A table as a tree that can be changed at random.

/// A generator of numbers that is the same in each run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The fields of a struct.
#[derive(Clone, Debug)]
pub(super) struct Model(pub(super) Vec<Node>);

#[derive(Clone, Debug)]
pub(super) enum Node {
    Var(Var),
    Group(Group),
    OneOf(OneOf),
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word at the field")]
pub(super) struct Var {
    pub(super) name: &'static str,
    /// A whole name, without the path.
    pub(super) is_full: bool,
    pub(super) ty: Ty,
    pub(super) presence: Presence,
    pub(super) aliases: Vec<&'static str>,
    pub(super) deprecated: Vec<&'static str>,
    pub(super) file: bool,
    pub(super) secret: bool,
    pub(super) allow_empty: bool,
    pub(super) range: Option<usize>,
    pub(super) semicolons: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ty {
    Text,
    Byte,
    Number,
    Bool,
    Truthy,
    Words(usize),
    Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Presence {
    Required,
    Optional,
    Default,
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) flatten: bool,
    pub(super) count: Count,
    pub(super) inner: Model,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Count {
    One,
    Optional,
    List,
    Map,
}

#[derive(Clone, Debug)]
pub(super) struct OneOf {
    pub(super) name: &'static str,
    pub(super) optional: bool,
    /// A word and its group.
    pub(super) variants: Vec<(&'static str, Option<Model>)>,
    pub(super) default: Option<usize>,
}

const NAMES: [&str; 9] = ["A", "B", "C", "D", "E", "B_C", "A_B", "C_FILE", "EU_B"];

/// Whole names, some of which fields have too.
const FULL: [&str; 6] = ["APP_A", "APP_B", "APP_C", "OTHER", "APP_A_B", "APP_D"];

const TYPES: [Ty; 9] = [
    Ty::Text,
    Ty::Text,
    Ty::Byte,
    Ty::Number,
    Ty::Bool,
    Ty::Truthy,
    Ty::Words(2),
    Ty::Words(3),
    Ty::Numbers,
];

const PRESENCES: [Presence; 3] = [Presence::Required, Presence::Optional, Presence::Default];

const COUNTS: [Count; 5] = [
    Count::One,
    Count::Optional,
    Count::Optional,
    Count::List,
    Count::Map,
];

const WORDS: [&str; 3] = ["one", "two", "three"];

impl Model {
    pub(super) fn random(random: &mut Random) -> Self {
        Self::of_depth(random, 0)
    }

    fn of_depth(random: &mut Random, depth: usize) -> Self {
        let count = 1 + random.below(4);
        Self((0..count).map(|_| Node::random(random, depth)).collect())
    }

    /// Makes a single change.
    pub(super) fn mutate(&mut self, random: &mut Random) {
        let inner: Vec<&mut Model> = self.0.iter_mut().flat_map(Node::models).collect();
        if !inner.is_empty() && random.is(50) {
            let index = random.below(inner.len());
            if let Some(model) = inner.into_iter().nth(index) {
                model.mutate(random);
            }
            return;
        }
        match random.below(12) {
            0 => self.0.push(Node::random(random, 1)),
            1 if self.0.len() > 1 => {
                let index = random.below(self.0.len());
                self.0.remove(index);
            }
            // A field moves into a group, or out of a group.
            2 if self.0.len() > 1 => {
                let index = random.below(self.0.len());
                let node = self.0.remove(index);
                let models: Vec<&mut Model> = self.0.iter_mut().flat_map(Node::models).collect();
                let count = models.len();
                let into = models.into_iter().nth(random.below(count.max(1)));
                match into {
                    Some(model) => model.0.push(node),
                    None => self.0.push(node),
                }
            }
            3 => {
                let taken = self.0.iter_mut().flat_map(Node::models);
                let taken: Vec<Node> = taken.filter_map(|model| model.0.pop()).collect();
                self.0.extend(taken);
            }
            _ if self.0.is_empty() => self.0.push(Node::random(random, 1)),
            _ => {
                let index = random.below(self.0.len());
                self.0[index].mutate(random);
            }
        }
    }
}

impl Node {
    fn random(random: &mut Random, depth: usize) -> Self {
        match random.below(10) {
            0..=2 if depth < 2 => Self::Group(Group {
                name: random.pick(&NAMES),
                flatten: random.is(20),
                count: random.pick(&COUNTS),
                inner: Model::of_depth(random, depth + 1),
            }),
            3 | 4 if depth < 2 => Self::OneOf(OneOf {
                name: random.pick(&NAMES),
                optional: random.is(25),
                variants: WORDS[..2 + random.below(2)]
                    .iter()
                    .map(|word| {
                        let has_group = random.is(60);
                        (*word, has_group.then(|| Model::of_depth(random, depth + 1)))
                    })
                    .collect(),
                default: random.is(60).then(|| random.below(2)),
            }),
            _ => Self::Var(Var::random(random)),
        }
    }

    fn models(&mut self) -> Vec<&mut Model> {
        match self {
            Self::Var(_) => Vec::new(),
            Self::Group(group) => vec![&mut group.inner],
            Self::OneOf(one_of) => {
                let variants = one_of.variants.iter_mut();
                variants.filter_map(|(_, model)| model.as_mut()).collect()
            }
        }
    }

    fn mutate(&mut self, random: &mut Random) {
        match self {
            Self::Var(var) => var.mutate(random),
            Self::Group(group) => match random.below(4) {
                0 => group.name = random.pick(&NAMES),
                1 => group.flatten = !group.flatten,
                _ => group.count = random.pick(&COUNTS),
            },
            Self::OneOf(one_of) => match random.below(6) {
                0 => one_of.optional = !one_of.optional,
                1 if one_of.variants.len() == 3 => {
                    one_of.variants.pop();
                }
                2 if one_of.variants.len() == 2 => {
                    one_of
                        .variants
                        .push((WORDS[2], Some(Model::of_depth(random, 1))));
                }
                3 => {
                    let index = random.below(one_of.variants.len());
                    one_of.variants[index].1 = random.is(60).then(|| Model::of_depth(random, 1));
                }
                _ => one_of.default = random.is(70).then(|| random.below(2)),
            },
        }
    }
}

impl Var {
    fn random(random: &mut Random) -> Self {
        let is_full = random.is(8);
        let mut others = |percent| {
            let full = random.pick(&FULL);
            Vec::from_iter(random.is(percent).then_some(full))
        };
        let (aliases, deprecated) = (others(15), others(10));
        Self {
            name: if is_full {
                random.pick(&FULL)
            } else {
                random.pick(&NAMES)
            },
            is_full,
            ty: random.pick(&TYPES),
            presence: random.pick(&PRESENCES),
            aliases,
            deprecated,
            file: random.is(10),
            secret: random.is(10),
            allow_empty: random.is(10),
            range: random.is(20).then(|| random.below(2)),
            semicolons: random.is(20),
        }
    }

    fn mutate(&mut self, random: &mut Random) {
        match random.below(12) {
            0 => self.ty = random.pick(&TYPES),
            1 => self.range = random.is(60).then(|| random.below(2)),
            2 => self.semicolons = !self.semicolons,
            3 => self.allow_empty = !self.allow_empty,
            4 => self.file = !self.file,
            5 => self.secret = !self.secret,
            6 => self.aliases.push(random.pick(&FULL)),
            7 => self.deprecated.push(random.pick(&FULL)),
            8 => {
                std::mem::swap(&mut self.aliases, &mut self.deprecated);
            }
            // A name that a field has anyway, becomes another.
            9 => {
                self.name = random.pick(&NAMES);
                self.is_full = false;
            }
            10 => {
                self.aliases.clear();
                self.deprecated.clear();
            }
            _ => self.presence = random.pick(&PRESENCES),
        }
    }
}
