//! Random changes of a table, as releases make them.

use super::model::{
    Count, Model, Node, OneOf, Random, Remarks, Root, Rule, Var, ALIAS, COUNTS, DELIMITERS, FULL,
    KINDS, NAMES, PRESENCES, RENAMED, TYPES, WORDS,
};

impl Root {
    /// Makes a single change.
    pub(super) fn mutate(&mut self, random: &mut Random) {
        if random.is(3) {
            self.delimiter = random.is(50).then(|| random.pick(&DELIMITERS));
        } else {
            self.model.mutate(random);
        }
    }
}

impl Model {
    fn mutate(&mut self, random: &mut Random) {
        let inner: Vec<&mut Self> = self.nodes.iter_mut().flat_map(Node::models).collect();
        if !inner.is_empty() && random.is(50) {
            let index = random.below(inner.len());
            if let Some(model) = inner.into_iter().nth(index) {
                model.mutate(random);
            }
            return;
        }
        match random.below(15) {
            0 => self.nodes.push(Node::random(random, 1)),
            1 if self.nodes.len() > 1 => {
                let index = random.below(self.nodes.len());
                self.nodes.remove(index);
            }
            // A field moves into a group, or out of a group.
            2 if self.nodes.len() > 1 => {
                let index = random.below(self.nodes.len());
                let node = self.nodes.remove(index);
                let models: Vec<&mut Self> = self.nodes.iter_mut().flat_map(Node::models).collect();
                let count = models.len();
                let into = models.into_iter().nth(random.below(count.max(1)));
                match into {
                    Some(model) => model.nodes.push(node),
                    None => self.nodes.push(node),
                }
            }
            3 => {
                let taken = self.nodes.iter_mut().flat_map(Node::models);
                let taken: Vec<Node> = taken.filter_map(|model| model.nodes.pop()).collect();
                self.nodes.extend(taken);
            }
            4 | 5 => self.mutate_rules(random),
            6 => match self.removed.pop() {
                Some(_) => {}
                None => self.removed.push(random.pick(&FULL)),
            },
            _ if self.nodes.is_empty() => self.nodes.push(Node::random(random, 1)),
            _ => {
                let index = random.below(self.nodes.len());
                self.nodes[index].mutate(random);
            }
        }
    }

    fn mutate_rules(&mut self, random: &mut Random) {
        match (random.below(4), self.rules.last_mut()) {
            (0, Some(_)) => drop(self.rules.pop()),
            (1, Some(rule)) => rule.kind = random.pick(&KINDS),
            (2, Some(rule)) => rule.members.push(random.below(4)),
            _ => self.rules.push(Rule::random(random)),
        }
    }
}

impl Node {
    fn mutate(&mut self, random: &mut Random) {
        match self {
            Self::Var(var) => var.mutate(random),
            Self::Group(group) => match random.below(5) {
                0 => group.name = random.pick(&NAMES),
                1 => group.flatten = !group.flatten,
                2 => {
                    group.count = match group.count {
                        Count::When(index) => Count::When(index + 1),
                        Count::Switch(_) => Count::Switch("ON"),
                        _ => Count::Optional,
                    }
                }
                _ => group.count = random.pick(&COUNTS),
            },
            Self::OneOf(one_of) => one_of.mutate(random),
        }
    }
}

impl OneOf {
    fn mutate(&mut self, random: &mut Random) {
        match random.below(9) {
            0 => self.optional = !self.optional,
            1 if self.variants.len() == 3 => {
                self.variants.pop();
            }
            2 if self.variants.len() == 2 => {
                let mut added = self.variants[0].clone();
                added.word = WORDS[2];
                added.alias = None;
                added.is_flat = false;
                added.group = Some(Model::of_depth(random, 1));
                self.variants.push(added);
            }
            3 => {
                let index = random.below(self.variants.len());
                self.variants[index].group = random.is(60).then(|| Model::of_depth(random, 1));
            }
            4 => self.selector = random.is(50).then(|| random.pick(&NAMES)),
            5 => {
                let aliased = random.below(self.variants.len() + 1);
                for (index, variant) in self.variants.iter_mut().enumerate() {
                    variant.alias = (index == aliased).then_some(ALIAS);
                }
            }
            6 if self.variants.iter().all(|it| it.word != RENAMED) => {
                let index = random.below(self.variants.len());
                let variant = &mut self.variants[index];
                variant.alias = Some(std::mem::replace(&mut variant.word, RENAMED));
            }
            _ => self.default = random.is(70).then(|| random.below(2)),
        }
    }
}

impl Var {
    fn mutate(&mut self, random: &mut Random) {
        match random.below(14) {
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
            11 => self.remarks = Remarks::random(random),
            12 => self.length = random.is(60).then(|| random.below(2)),
            _ => self.presence = random.pick(&PRESENCES),
        }
    }
}
