//! The places of a hackathon that are taken.

use crate::model::Places;

/// The places of a hackathon that takes people.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// The places that are taken, all places, and the words after their numbers.
    pub progress: Option<(i64, i64, &'static str)>,
    /// The consequence for those who apply now, if all are taken; empty otherwise.
    pub note: &'static str,
}

impl Taken {
    #[must_use]
    pub fn of(capacity: Option<i64>, people: i64, places: Places) -> Self {
        let Some(all) = capacity.filter(|all| *all > 0) else {
            return Self { progress: None, note: "" };
        };
        let note = match places {
            Places::Automatic if people >= all => "Whoever applies now is on the waitlist.",
            _ => "",
        };
        Self { progress: Some((people.min(all), all, "places taken")), note }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_while_people_can_apply() {
        let taken = |people| Some((people, 5, "places taken"));
        let list = "Whoever applies now is on the waitlist.";
        for (capacity, people, places, progress, note) in [
            (None, 9, Places::Automatic, None, ""),
            (Some(5), 3, Places::Automatic, taken(3), ""),
            (Some(5), 6, Places::Automatic, taken(5), list),
            (Some(5), 5, Places::Review, taken(5), ""),
        ] {
            assert_eq!(Taken::of(capacity, people, places), Taken { progress, note });
        }
    }
}
