//! A simulated event with noisy judges, for which the results must find the best project more often than simpler methods.

use std::collections::BTreeMap;

use super::{
    ranking::strengths,
    scores::{JudgedLook, mean, scores},
};

const PROJECTS: usize = 200;
const JUDGES: usize = 30;
const LOOKS: usize = 3;
const EVENTS: u64 = 120;
const SEEDS: [u64; 4] = [1_000, 2_000, 3_000, 4_000];

/// A generator of pseudorandom numbers (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number with the mean 0 and the deviation 1: nearly normal, as the sum of twelve equal ones.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for index in (1..values.len()).rev() {
            let other = usize::try_from(self.next() % (index as u64 + 1)).expect("an index");
            values.swap(index, other);
        }
    }
}

/// The observations of the judges of an event: for each judge, projects in the order of their visits with the quality that they perceived
/// and the points that they gave.
struct SimulatedEvent {
    best: usize,
    seen: Vec<Vec<(usize, f64, f64)>>,
}

/// Simulates an event: projects of different quality, each seen by three judges who differ in strictness, in spread and in care.
fn event(seed: u64) -> SimulatedEvent {
    let mut random = Random(seed);
    let quality: Vec<f64> = (0..PROJECTS).map(|_| random.normal()).collect();
    let best = (0..PROJECTS).max_by(|a, b| quality[*a].total_cmp(&quality[*b]));
    let mut visits: Vec<usize> = Vec::new();
    for _ in 0..LOOKS {
        let mut all: Vec<usize> = (0..PROJECTS).collect();
        random.shuffle(&mut all);
        visits.extend(all);
    }
    let each = PROJECTS * LOOKS / JUDGES;
    let judge = |visits: &[usize]| {
        let (bias, spread, noise) =
            (10.0 * random.normal(), 0.6 + 0.8 * random.part(), 0.3 + 0.4 * random.part());
        let look = |project: &usize| {
            let perceived = quality[*project] + noise * random.normal();
            let points = (50.0 + bias + 15.0 * spread * perceived).clamp(0.0, 100.0).round();
            (*project, perceived, points)
        };
        visits.iter().map(look).collect()
    };
    SimulatedEvent {
        best: best.expect("a project"),
        seen: visits.chunks(each).map(judge).collect(),
    }
}

/// The chance that the best project is among the first, if equal results are put in a random order.
fn chance(best: usize, results: &BTreeMap<usize, f64>, first: usize) -> f64 {
    let own = results[&best];
    let above = results.values().filter(|value| **value > own).count();
    let equal = results.values().filter(|value| **value == own).count();
    (first.saturating_sub(above) as f64 / equal as f64).min(1.0)
}

fn looks(event: &SimulatedEvent) -> Vec<JudgedLook<usize, usize>> {
    let judges = event.seen.iter().enumerate();
    let look = |judge, (project, _, points): &(usize, f64, f64)| JudgedLook {
        judge,
        project: *project,
        points: *points,
    };
    judges.flat_map(|(judge, seen)| seen.iter().map(move |it| look(judge, it))).collect()
}

fn normalized(event: &SimulatedEvent) -> BTreeMap<usize, f64> {
    let scores = scores(&looks(event)).projects;
    scores.into_iter().map(|it| (it.project, it.normalized)).collect()
}

fn plain_means(event: &SimulatedEvent) -> BTreeMap<usize, f64> {
    let mut points: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for look in looks(event) {
        points.entry(look.project).or_default().push(look.points);
    }
    points.into_iter().map(|(project, it)| (project, mean(it.into_iter()))).collect()
}

fn ranked(event: &SimulatedEvent) -> BTreeMap<usize, f64> {
    let order = |seen: &Vec<(usize, f64, f64)>| {
        let mut seen = seen.clone();
        seen.sort_by(|a, b| b.1.total_cmp(&a.1));
        seen.into_iter().map(|(project, ..)| project).collect()
    };
    let orders: Vec<Vec<usize>> = event.seen.iter().map(order).collect();
    strengths(&orders).into_iter().map(|it| (it.project, it.strength)).collect()
}

/// Only compares each project with the one that the judge saw before, and counts the part of comparisons won.
fn pairwise_only(event: &SimulatedEvent) -> BTreeMap<usize, f64> {
    let mut compared: BTreeMap<usize, Vec<f64>> =
        (0..PROJECTS).map(|it| (it, Vec::new())).collect();
    for pair in event.seen.iter().flat_map(|seen| seen.windows(2)) {
        let is_first_better = pair[0].1 > pair[1].1;
        for (side, won) in [(0, is_first_better), (1, !is_first_better)] {
            compared.entry(pair[side].0).or_default().push(f64::from(u8::from(won)));
        }
    }
    compared.into_iter().map(|(project, it)| (project, mean(it.into_iter()))).collect()
}

#[test]
fn the_best_project_is_found_more_often_than_by_simpler_methods() {
    type Method = fn(&SimulatedEvent) -> BTreeMap<usize, f64>;
    let methods: [(&str, Method); 4] = [
        ("normalized", normalized),
        ("ranked", ranked),
        ("plain means", plain_means),
        ("pairwise only", pairwise_only),
    ];
    let mut rates = [0.0; 4];
    for seed in SEEDS {
        let events: Vec<SimulatedEvent> = (0..EVENTS).map(|number| event(seed + number)).collect();
        for ((name, method), rate) in methods.iter().zip(&mut rates) {
            let chances = events.iter().map(|it| chance(it.best, &method(it), 3));
            let found = mean(chances);
            println!("seed {seed}: {name} finds the best project in {:.0} %", 100.0 * found);
            *rate += found / SEEDS.len() as f64;
        }
    }
    let [normalized, ranked, plain, pairwise] = rates;
    assert!(normalized > plain + 0.05, "{rates:?}");
    assert!(ranked > plain, "{rates:?}");
    assert!(normalized > pairwise && ranked > pairwise, "{rates:?}");
}
