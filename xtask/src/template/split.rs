//! A template that is more than a stack takes, as several: a root, and in it nested stacks, the parts.
//!
//! What holds data stays in the root, as do the APIs, the event source mappings (each has a place in its stream) and all of which it is not
//! known that it may go: so nothing is replaced that anybody would miss when an application outgrows its stack. The functions go, with what
//! is only theirs: roles, permissions, alarms; log groups and schedules only where the root has no room for them.
//!
//! In which part a function is depends on its name and on the number of parts alone, so that a new function moves no other. Their number
//! is a power of two, [`PARTS`] at first, and is doubled when one of them would be too large: then about half of the functions move, each to
//! the part whose number is its old one's plus the old number of parts, and no other time. What moves is made anew
//! in its new stack before the old one is deleted.
//!
//! Stacks must not need each other in a circle: a permission needs the API, the API a function. So they come in [rows](row), and a part
//! needs only parts of the rows before its own. A name that is made of the stack's, such as a log group's, is made of the part's in a part: the
//! old and the new one of what moves do not have the same.

mod cut;
mod graph;
mod join;
mod owner;
mod reference;
mod row;
mod size;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use self::{graph::Graph, owner::Leaving};
pub(crate) use self::{join::join, size::Size};
use crate::build::Digest;

/// How many parts the functions of a row are in at first. With eight, an application has about 500 functions before it takes more.
const PARTS: u64 = 8;
/// More would not help: the root has too much.
const MOST_PARTS: u64 = 256;

/// The templates of an application.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stacks {
    pub(crate) root: Value,
    /// By the logical id that the root has for the nested stack; none, if all is in one.
    pub(crate) parts: BTreeMap<String, Value>,
}

/// Splits what is too large. What is so in a way that this cannot help (501 tables) still is; [`Size`] says it.
pub(crate) fn split(whole: &Value) -> Stacks {
    let as_it_is = Stacks { root: whole.clone(), parts: BTreeMap::new() };
    if Size::of(whole).fits() || owner::is_bound(&whole["Globals"]) {
        return as_it_is;
    }
    let graph = Graph::of(whole);
    let split = |leaving| Plan::of(&graph, leaving, &whole["Globals"]["Function"]).stacks(whole, &graph);
    let stacks = split(Leaving::WhatIsEasy);
    if Size::of(&stacks.root).fits() { stacks } else { split(Leaving::AllThatCan) }
}

/// Whether a logical id is that of a part.
pub(crate) fn is_part(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, row) = match id.strip_prefix("Part").map(|rest| rest.split_once("Row").unwrap_or((rest, "1"))) {
        Some(found) => found,
        None => return false,
    };
    is_number(number) && is_number(row)
}

/// A nested stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    row: usize,
    number: u64,
}

/// `Part3`; in the rows after the first, `Part3Row1`.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part{}", self.number)?;
        if self.row == 0 { Ok(()) } else { write!(f, "Row{}", self.row) }
    }
}

/// Where each resource goes.
struct Plan {
    owners: Vec<Option<usize>>,
    rows: Vec<usize>,
    /// By resource: how many SAM makes of it, and the dynamic references in it.
    weights: Vec<(usize, usize)>,
    /// By resource: the hash of its owner's name.
    hashes: Vec<u64>,
    /// By row.
    parts: Vec<u64>,
}

impl Plan {
    fn of(graph: &Graph<'_>, leaving: Leaving, globals: &Value) -> Self {
        let mut owners = owner::owners(graph, leaving);
        let rows = row::rows(graph, &mut owners);
        let mut parts = vec![1; rows.iter().max().map_or(0, |last| last + 1)];
        for (number, row) in rows.iter().enumerate().filter(|(number, _)| owners[*number].is_some()) {
            if graph.kind(number).ends_with("::Function") {
                parts[*row] = PARTS;
            }
        }
        let weight = |it: &&Value| (size::made_of(it, globals), size::dynamic_references(it));
        let weights = graph.resources.iter().map(weight).collect();
        let hashes = owners.iter().map(|owner| owner.map_or(0, |owner| hash(graph.ids[owner]))).collect();
        let mut plan = Self { owners, rows, weights, hashes, parts };
        while plan.double(&plan.crowded()) {}
        plan
    }

    /// By resource the part that it is in.
    fn places(&self) -> Vec<Option<Part>> {
        let place = |number: usize| {
            let row = self.rows[number];
            self.owners[number].map(|_| Part { row, number: self.hashes[number] % self.parts[row] })
        };
        (0..self.owners.len()).map(place).collect()
    }

    /// The rows in which a part is too large. That it is in other ways shows only in the templates.
    fn crowded(&self) -> BTreeSet<usize> {
        let mut sums: BTreeMap<Part, (usize, usize)> = BTreeMap::new();
        for (part, (resources, references)) in self.places().into_iter().zip(&self.weights) {
            let Some(part) = part else { continue };
            let sum = sums.entry(part).or_default();
            *sum = (sum.0 + resources, sum.1 + references);
        }
        let is_crowded = |(resources, references): (usize, usize)| {
            resources > size::MOST.resources || references > size::MOST.dynamic_references
        };
        sums.into_iter().filter(|(_, sum)| is_crowded(*sum)).map(|(part, _)| part.row).collect()
    }

    /// Says whether there was anything to double.
    fn double(&mut self, rows: &BTreeSet<usize>) -> bool {
        let mut doubled = false;
        for row in rows.iter().filter(|row| self.parts[**row] < MOST_PARTS).copied().collect::<Vec<_>>() {
            self.parts[row] *= 2;
            doubled = true;
        }
        doubled
    }

    fn stacks(mut self, whole: &Value, graph: &Graph<'_>) -> Stacks {
        loop {
            let places = self.places();
            let stacks = cut::cut(whole, graph, &places);
            let used: BTreeSet<Part> = places.into_iter().flatten().collect();
            let is_crowded = |part: &Part| stacks.parts.get(&part.to_string()).is_some_and(|it| !Size::of(it).fits());
            let crowded = used.iter().filter(|part| is_crowded(part)).map(|part| part.row).collect();
            if !self.double(&crowded) {
                return stacks;
            }
        }
    }
}

/// The same on every machine and in every version, unlike the standard library's.
fn hash(name: &str) -> u64 {
    Digest::of(name.as_bytes()).first_bits()
}
