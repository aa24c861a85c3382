//! A table as a tree that can be changed at random.

use crate::spec::RuleKind;

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

    pub(super) fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A root type.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) model: Model,
    /// The text after the prefix, and the text between segments.
    pub(super) delimiter: Option<(&'static str, &'static str)>,
}

/// The fields of a struct, and the words at the struct.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) nodes: Vec<Node>,
    pub(super) rules: Vec<Rule>,
    /// The names that a release has removed.
    pub(super) removed: Vec<&'static str>,
}

/// A rule between fields. The table makes indices of `members`: of fields that may be in
/// such a rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) kind: RuleKind,
    pub(super) members: Vec<usize>,
}

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
    pub(super) length: Option<usize>,
    pub(super) semicolons: bool,
    pub(super) remarks: Remarks,
}

/// Properties that decide on no text.
#[derive(Clone, Debug)]
pub(super) struct Remarks {
    pub(super) doc: Option<&'static str>,
    pub(super) expected: Option<&'static str>,
    pub(super) example: Option<&'static str>,
    pub(super) key: Option<&'static str>,
    pub(super) live: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ty {
    Text,
    Byte,
    Number,
    Bool,
    Truthy,
    Present,
    Words(usize),
    Numbers,
    Duration,
    Unit(usize),
    Pair,
    Map,
    /// A type of the program.
    Custom,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Presence {
    Required,
    Optional,
    Default,
    /// The text of a field before it.
    From,
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
    /// There if a variable of the group is set. The table makes an index of the number.
    When(usize),
    /// There if a switch of this name is on.
    Switch(&'static str),
    List,
    Map,
}

#[derive(Clone, Debug)]
pub(super) struct OneOf {
    pub(super) name: &'static str,
    /// Another name of the selector.
    pub(super) selector: Option<&'static str>,
    pub(super) optional: bool,
    pub(super) variants: Vec<Variant>,
    pub(super) default: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) word: &'static str,
    /// Another word that selects it.
    pub(super) alias: Option<&'static str>,
    /// Whether its group adds nothing to the path.
    pub(super) is_flat: bool,
    pub(super) group: Option<Model>,
}

pub(super) const NAMES: [&str; 9] = ["A", "B", "C", "D", "E", "B_C", "A_B", "C_FILE", "EU_B"];

/// Whole names, some of which fields have too.
pub(super) const FULL: [&str; 6] = ["APP_A", "APP_B", "APP_C", "OTHER", "APP_A_B", "APP_D"];

pub(super) const TYPES: [Ty; 16] = [
    Ty::Text,
    Ty::Text,
    Ty::Byte,
    Ty::Number,
    Ty::Bool,
    Ty::Truthy,
    Ty::Present,
    Ty::Words(2),
    Ty::Words(3),
    Ty::Numbers,
    Ty::Duration,
    Ty::Unit(0),
    Ty::Unit(3),
    Ty::Pair,
    Ty::Map,
    Ty::Custom,
];

pub(super) const PRESENCES: [Presence; 7] = [
    Presence::Required,
    Presence::Required,
    Presence::Optional,
    Presence::Optional,
    Presence::Default,
    Presence::Default,
    Presence::From,
];

pub(super) const COUNTS: [Count; 9] = [
    Count::One,
    Count::Optional,
    Count::Optional,
    Count::When(0),
    Count::When(1),
    Count::Switch("ON"),
    Count::Switch("B"),
    Count::List,
    Count::Map,
];

pub(super) const KINDS: [RuleKind; 5] = [
    RuleKind::OneOf,
    RuleKind::AtMostOneOf,
    RuleKind::AtLeastOneOf,
    RuleKind::AllOrNone,
    RuleKind::Requires,
];

pub(super) const DELIMITERS: [(&str, &str); 3] = [("_", "__"), ("__", "__"), ("", "_")];

pub(super) const WORDS: [&str; 3] = ["one", "two", "three"];

/// The new word of a variant.
pub(super) const RENAMED: &str = "four";

/// The word of a variant with an alias.
pub(super) const ALIAS: &str = "uno";

impl Root {
    pub(super) fn random(random: &mut Random) -> Self {
        Self {
            model: Model::of_depth(random, 0),
            delimiter: random.is(10).then(|| random.pick(&DELIMITERS)),
        }
    }
}

impl Model {
    pub(super) fn of_depth(random: &mut Random, depth: usize) -> Self {
        let count = 1 + random.below(4);
        let nodes = (0..count).map(|_| Node::random(random, depth)).collect();
        let rules = usize::from(random.is(30));
        let removed = usize::from(random.is(10));
        Self {
            nodes,
            rules: (0..rules).map(|_| Rule::random(random)).collect(),
            removed: (0..removed).map(|_| random.pick(&FULL)).collect(),
        }
    }
}

impl Rule {
    pub(super) fn random(random: &mut Random) -> Self {
        let count = 2 + random.below(2);
        Self {
            kind: random.pick(&KINDS),
            members: (0..count).map(|_| random.below(4)).collect(),
        }
    }
}

impl Node {
    pub(super) fn random(random: &mut Random, depth: usize) -> Self {
        match random.below(10) {
            0..=2 if depth < 2 => Self::Group(Group {
                name: random.pick(&NAMES),
                flatten: random.is(20),
                count: random.pick(&COUNTS),
                inner: Model::of_depth(random, depth + 1),
            }),
            3 | 4 if depth < 2 => Self::OneOf(OneOf::random(random, depth)),
            _ => Self::Var(Var::random(random)),
        }
    }

    pub(super) fn models(&mut self) -> Vec<&mut Model> {
        match self {
            Self::Var(_) => Vec::new(),
            Self::Group(group) => vec![&mut group.inner],
            Self::OneOf(one_of) => {
                let variants = one_of.variants.iter_mut();
                variants
                    .filter_map(|variant| variant.group.as_mut())
                    .collect()
            }
        }
    }
}

impl OneOf {
    fn random(random: &mut Random, depth: usize) -> Self {
        let words = &WORDS[..2 + random.below(2)];
        let aliased = random.is(20).then(|| random.below(2));
        let variant = |(index, word): (usize, &&'static str)| Variant {
            word,
            alias: (aliased == Some(index)).then_some(ALIAS),
            is_flat: index == 0,
            group: (random.is(60)).then(|| Model::of_depth(random, depth + 1)),
        };
        let variants = words.iter().enumerate().map(variant).collect();
        Self {
            name: random.pick(&NAMES),
            selector: random.is(20).then(|| random.pick(&NAMES)),
            optional: random.is(25),
            variants,
            default: random.is(60).then(|| random.below(2)),
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
            length: random.is(15).then(|| random.below(2)),
            semicolons: random.is(20),
            remarks: Remarks::random(random),
        }
    }
}

impl Remarks {
    pub(super) fn random(random: &mut Random) -> Self {
        let mut some = |text| random.is(10).then_some(text);
        Self {
            doc: some("Size of \"it\"."),
            expected: some("an odd size, in bytes"),
            example: some("7"),
            key: some("size"),
            live: random.is(10),
        }
    }
}
