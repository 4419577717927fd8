//! Measures of the quality of a ranking.

use std::{collections::BTreeMap, time::Duration};

/// The relevant documents of a query with their grades; documents with the grade 0 are not relevant.
pub type Grades = BTreeMap<String, u32>;

/// Returns the normalized discounted cumulative gain of the first `depth` results, 0 to 1: the gain of a document is its
/// grade, divided by the binary logarithm of its rank plus one, as in trec_eval (Järvelin and Kekäläinen, "Cumulated
/// gain-based evaluation of IR techniques", 2002). `None` without relevant documents.
#[must_use]
pub fn ndcg(ranked: &[String], grades: &Grades, depth: usize) -> Option<f64> {
    let mut best: Vec<u32> = grades.values().copied().filter(|grade| *grade > 0).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = gain(best.into_iter().take(depth));
    let reached = ranked.iter().take(depth);
    let reached = gain(reached.map(|key| grades.get(key).copied().unwrap_or(0)));
    (ideal > 0.0).then(|| reached / ideal)
}

fn gain(grades: impl Iterator<Item = u32>) -> f64 {
    let gains =
        grades.enumerate().map(|(index, grade)| f64::from(grade) / (index as f64 + 2.0).log2());
    gains.sum()
}

/// Returns the share of the relevant documents that are among the first `depth` results. `None` without relevant
/// documents.
#[must_use]
pub fn recall(ranked: &[String], grades: &Grades, depth: usize) -> Option<f64> {
    let relevant = grades.values().filter(|grade| **grade > 0).count();
    let is_relevant = |key: &&String| grades.get(*key).is_some_and(|grade| *grade > 0);
    let found = ranked.iter().take(depth).filter(is_relevant).count();
    (relevant > 0).then(|| found as f64 / relevant as f64)
}

/// Returns the mean of some values, 0 for none.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    match values.len() {
        0 => 0.0,
        count => values.iter().sum::<f64>() / count as f64,
    }
}

/// Returns the shortest duration that at least the given share of durations does not exceed (nearest rank). `None` for no
/// durations.
#[must_use]
pub fn percentile(durations: &mut [Duration], share: f64) -> Option<Duration> {
    durations.sort_unstable();
    let rank = (share * durations.len() as f64).ceil() as usize;
    durations.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(keys: &str) -> Vec<String> {
        keys.split_whitespace().map(str::to_owned).collect()
    }

    fn grades(of: &[(&str, u32)]) -> Grades {
        let grade = |(key, grade): &(&str, u32)| ((*key).to_owned(), *grade);
        of.iter().map(grade).collect()
    }

    fn is_near(left: Option<f64>, right: f64) -> bool {
        left.is_some_and(|left| (left - right).abs() < 1e-4)
    }

    #[test]
    fn gains_count_less_further_down() {
        let two = grades(&[("a", 1), ("b", 1), ("n", 0)]);
        let ideal = 1.0 + 1.0 / 3_f64.log2();
        assert!(is_near(ndcg(&ranked("a b"), &two, 10), 1.0));
        assert!(is_near(ndcg(&ranked("b n a"), &two, 10), 1.5 / ideal));
        assert!(is_near(ndcg(&ranked("n a"), &two, 1), 0.0));
        assert!(is_near(ndcg(&[], &two, 10), 0.0));
        assert_eq!(ndcg(&ranked("a"), &grades(&[("a", 0)]), 10), None);
    }

    #[test]
    fn higher_grades_gain_more() {
        let graded = grades(&[("a", 3), ("b", 1)]);
        let ideal = 3.0 + 1.0 / 3_f64.log2();
        let reversed = 1.0 + 3.0 / 3_f64.log2();
        assert!(is_near(ndcg(&ranked("b a"), &graded, 10), reversed / ideal));
    }

    #[test]
    fn recall_counts_relevant_documents() {
        let two = grades(&[("a", 1), ("b", 2), ("n", 0)]);
        assert!(is_near(recall(&ranked("n a"), &two, 10), 0.5));
        assert!(is_near(recall(&ranked("n a"), &two, 1), 0.0));
        assert_eq!(recall(&ranked("a"), &Grades::new(), 10), None);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let mut hundred: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut hundred, 0.5), Some(Duration::from_millis(50)));
        assert_eq!(percentile(&mut hundred, 0.99), Some(Duration::from_millis(99)));
        assert_eq!(percentile(&mut hundred[..1], 0.99), Some(Duration::from_millis(1)));
        assert_eq!(percentile(&mut [], 0.5), None);
    }
}
