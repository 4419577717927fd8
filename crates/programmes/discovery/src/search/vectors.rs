use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use crate::rules::vectors::{DIMENSIONS, Quantized, product};

/// The similarity from which an issue is near a search.
const NEAR: f32 = 0.25;

/// The vectors of documents, in memory. A search compares all of them, so that it misses none.
#[derive(Default)]
pub(crate) struct Vectors(RwLock<Rows>);

#[derive(Default)]
struct Rows {
    places: HashMap<String, usize>,
    keys: Vec<String>,
    ties: Vec<u64>,
    scales: Vec<f32>,
    /// The numbers of all vectors, one vector after the other.
    values: Vec<i8>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct NearDocument {
    pub(super) key: String,
    /// The number that decides between equals, which identifies it in the index.
    pub(super) tie: u64,
}

impl Vectors {
    /// Adds or replaces the vector of a document.
    pub(crate) fn put(&self, key: &str, tie: u64, vector: &[f32]) {
        let own = Quantized::of(vector);
        if own.values.len() != DIMENSIONS {
            return self.remove(key);
        }
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = rows.places.get(key).copied() {
            rows.ties[place] = tie;
            rows.scales[place] = own.scale;
            rows.values[place * DIMENSIONS..(place + 1) * DIMENSIONS].copy_from_slice(&own.values);
            return;
        }
        let place = rows.keys.len();
        rows.places.insert(key.to_owned(), place);
        rows.keys.push(key.to_owned());
        rows.ties.push(tie);
        rows.scales.push(own.scale);
        rows.values.extend_from_slice(&own.values);
    }

    /// Removes the vector of a document. The last one takes its place.
    pub(crate) fn remove(&self, key: &str) {
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = rows.places.remove(key) else {
            return;
        };
        let last = rows.keys.len() - 1;
        rows.keys.swap_remove(place);
        rows.ties.swap_remove(place);
        rows.scales.swap_remove(place);
        rows.values.copy_within(last * DIMENSIONS.., place * DIMENSIONS);
        rows.values.truncate(last * DIMENSIONS);
        if let Some(moved) = rows.keys.get(place).cloned() {
            rows.places.insert(moved, place);
        }
    }

    /// Returns the documents that are nearest to a vector, at most `limit`, nearest first. With `allowed`, only those with these
    /// numbers.
    pub(super) fn nearest(
        &self,
        vector: &[f32],
        limit: usize,
        allowed: Option<&HashSet<u64>>,
    ) -> Vec<NearDocument> {
        let query = Quantized::of(vector);
        let rows = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let all = rows.values.chunks_exact(DIMENSIONS).enumerate();
        let near = all.filter_map(|(place, values)| {
            if allowed.is_some_and(|allowed| !allowed.contains(&rows.ties[place])) {
                return None;
            }
            let similarity =
                product(values, &query.values) as f32 * query.scale * rows.scales[place];
            (similarity >= NEAR).then_some((similarity, place))
        });
        let mut near: Vec<(f32, usize)> = near.collect();
        let order = |a: &(f32, usize), b: &(f32, usize)| {
            b.0.total_cmp(&a.0).then_with(|| rows.ties[b.1].cmp(&rows.ties[a.1]))
        };
        if near.len() > limit {
            near.select_nth_unstable_by(limit, order);
            near.truncate(limit);
        }
        near.sort_unstable_by(order);
        let named = near.into_iter().map(|(_, place)| NearDocument {
            key: rows.keys[place].clone(),
            tie: rows.ties[place],
        });
        named.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::vectors::normalized;

    fn axis(index: usize, other: f32) -> Vec<f32> {
        let mut vector = vec![0.0; DIMENSIONS];
        vector[index] = 1.0;
        vector[DIMENSIONS - 1] = other;
        normalized(&vector).expect("a direction")
    }

    fn keys(
        vectors: &Vectors,
        query: &[f32],
        limit: usize,
        allowed: Option<&HashSet<u64>>,
    ) -> Vec<String> {
        let near = vectors.nearest(query, limit, allowed).into_iter();
        near.map(|near| near.key).collect()
    }

    #[test]
    fn the_nearest_are_first_and_removed_ones_are_gone() {
        let vectors = Vectors::default();
        for (tie, (key, other)) in [("a", 0.1), ("b", 0.9), ("c", 0.4)].into_iter().enumerate() {
            vectors.put(key, tie as u64, &axis(0, other));
        }
        vectors.put("far", 9, &axis(1, 0.0));
        let query = axis(0, 0.0);
        assert_eq!(keys(&vectors, &query, 9, None), ["a", "c", "b"]);
        assert_eq!(keys(&vectors, &query, 2, None), ["a", "c"]);
        let allowed = HashSet::from([1, 9]);
        assert_eq!(keys(&vectors, &query, 9, Some(&allowed)), ["b"]);
        vectors.remove("a");
        vectors.remove("unknown");
        assert_eq!(keys(&vectors, &query, 9, None), ["c", "b"]);
        vectors.put("far", 9, &axis(0, 0.0));
        assert_eq!(keys(&vectors, &query, 9, None), ["far", "c", "b"]);
        for key in ["b", "c", "far"] {
            vectors.remove(key);
        }
        assert_eq!(keys(&vectors, &query, 9, None), [""; 0]);
    }
}
