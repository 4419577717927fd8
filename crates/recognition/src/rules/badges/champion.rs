use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::Timestamp;

use crate::model::{Champion, Share};

/// Returns the people who at some time had a share of a project's merges, each with the first such time.
///
/// `merges` are those of one project in any order: the person, the time and GitHub's ID, which orders merges of the same
/// time. The shares are compared at each merge of the person. A person without an account counts in the total only.
#[must_use]
pub fn champions(
    project: &str,
    merges: &mut [(Option<UserId>, Timestamp, i64)],
    share: Share,
) -> Vec<Champion> {
    merges.sort_unstable_by_key(|(_, at, order)| (*at, *order));
    let (mut own, mut found) = (BTreeMap::<UserId, i64>::new(), BTreeSet::new());
    let mut champions = Vec::new();
    for ((person, at, _), total) in merges.iter().zip(1_i64..) {
        let Some(person) = *person else { continue };
        let own = own.entry(person).or_default();
        *own += 1;
        let has_share = *own * 100 >= total * i64::from(share.percent);
        if *own >= i64::from(share.minimum) && has_share && found.insert(person) {
            champions.push(Champion {
                user_id: person,
                at: *at,
                project: project.to_owned(),
                own: *own,
                total,
            });
        }
    }
    champions
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_champion_has_the_share_at_one_of_their_merges() {
        let person = |number: u128| UserId::from(Uuid::from_u128(number));
        let day = |day: u32| -> Timestamp {
            format!("2026-01-{day:02}T00:00:00Z").parse().expect("an instant")
        };
        // The second person has 2 of 5 merges on the fifth day, and 3 of 10 on the tenth.
        let authors = [1, 2, 1, 1, 2, 1, 1, 1, 1, 2];
        let merges = authors.iter().zip(1..);
        let mut merges: Vec<_> =
            merges.map(|(author, at)| (Some(person(*author)), day(at), 0)).collect();
        merges.reverse();
        let mut of = |percent, minimum| {
            let share = Share { percent, minimum };
            let found = champions("Lantern", &mut merges, share);
            let found = found.into_iter().map(|it| (it.user_id, it.at, it.own, it.total));
            found.collect::<Vec<_>>()
        };
        let (first, second) = (person(1), person(2));
        assert_eq!(of(30, 2), [(first, day(3), 2, 3), (second, day(5), 2, 5)]);
        assert_eq!(of(30, 3), [(first, day(4), 3, 4), (second, day(10), 3, 10)]);
        assert_eq!(of(31, 3), [(first, day(4), 3, 4)]);
        assert_eq!(of(100, 2), []);
    }
}
