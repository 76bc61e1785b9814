//! In which row of stacks a resource is. A stack may need what is in the rows before its own, so that no two stacks need each other,
//! however functions call one another.

use super::graph::Graph;

/// The rows by resource, from 0. The root is in no row: its resources are ordered one by one, and theirs is the first from which they
/// can be needed.
///
/// Resources that need each other, as only SAM's transform can resolve (a hook that calls the version which it is a hook of), come under one
/// owner, or stay in the root if one of them does.
pub(super) fn rows(graph: &Graph<'_>, owners: &mut [Option<usize>]) -> Vec<usize> {
    let circles = Circles::of(graph);
    for circle in &circles.found {
        unite(circle, owners);
    }
    let mut rows = vec![0; graph.ids.len()];
    for circle in &circles.found {
        let row_after = |number: usize, need: usize| {
            let is_from_elsewhere = owners[need].is_some() && owners[need] != owners[number];
            rows[need] + usize::from(is_from_elsewhere)
        };
        let needs = circle.iter().flat_map(|number| graph.needs[*number].iter().map(|need| (*number, *need)));
        let row = needs.map(|(number, need)| row_after(number, need)).max().unwrap_or(0);
        circle.iter().for_each(|number| rows[*number] = row);
    }
    rows
}

fn unite(circle: &[usize], owners: &mut [Option<usize>]) {
    if circle.len() == 1 {
        return;
    }
    let all: Vec<Option<usize>> = circle.iter().map(|number| owners[*number]).collect();
    let first = all.iter().min().copied().flatten(); // `None` is less than any
    let united: Vec<usize> = all.into_iter().flatten().collect();
    for owner in owners.iter_mut().filter(|owner| owner.is_some_and(|it| united.contains(&it))) {
        *owner = first;
    }
}

/// Tarjan's strongly connected components: each comes after those that it needs.
struct Circles<'g, 'a> {
    graph: &'g Graph<'a>,
    /// When each was first seen, from 1.
    seen: Vec<usize>,
    /// The earliest that each can be led back to.
    earliest: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    count: usize,
    found: Vec<Vec<usize>>,
}

impl<'g, 'a> Circles<'g, 'a> {
    fn of(graph: &'g Graph<'a>) -> Self {
        let count = graph.ids.len();
        let (seen, earliest, is_open) = (vec![0; count], vec![0; count], vec![false; count]);
        let mut circles = Self { graph, seen, earliest, is_open, open: Vec::new(), count: 0, found: Vec::new() };
        for number in 0..count {
            if circles.seen[number] == 0 {
                circles.follow(number);
            }
        }
        circles
    }

    fn follow(&mut self, number: usize) {
        self.count += 1;
        self.seen[number] = self.count;
        self.earliest[number] = self.count;
        self.is_open[number] = true;
        self.open.push(number);
        let graph = self.graph;
        for need in &graph.needs[number] {
            if self.seen[*need] == 0 {
                self.follow(*need);
                self.earliest[number] = self.earliest[number].min(self.earliest[*need]);
            } else if self.is_open[*need] {
                self.earliest[number] = self.earliest[number].min(self.seen[*need]);
            }
        }
        if self.earliest[number] == self.seen[number] {
            let start = self.open.iter().rposition(|it| *it == number).unwrap_or(0);
            let circle = self.open.split_off(start);
            circle.iter().for_each(|it| self.is_open[*it] = false);
            self.found.push(circle);
        }
    }
}
