//! The calls to models that searches of one person and of one network may cause in a day, so that no one uses up the
//! budget of all.

use std::{collections::HashMap, net::IpAddr};

use kernel::Timestamp;
use uuid::Uuid;

use super::budget::day_of;

/// The most calls that the searches of a person cause in a day.
pub(crate) const BY_PERSON: u32 = 100;
/// The most calls that the searches from a network cause in a day: a school can share one.
pub(crate) const BY_NETWORK: u32 = 400;
/// The most people and networks that are counted on their own.
const COUNTED: usize = 50_000;

/// The person and the network that send a search. Both are absent for this server itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) person: Option<Uuid>,
    pub(crate) network: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Counted {
    Person(Uuid),
    Network(IpAddr),
    /// All who came when enough others were counted.
    Rest,
}

/// The calls of a day by person and network.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    day: Option<Timestamp>,
    calls: HashMap<Counted, u32>,
}

impl Quota {
    /// Counts a call; returns false if the person or the network caused enough.
    pub(crate) fn take(&mut self, asker: Asker, now: Timestamp) -> bool {
        let (today, _) = day_of(now);
        if self.day != Some(today) {
            (self.day, self.calls) = (Some(today), HashMap::new());
        }
        let person = asker.person.map(|id| (self.counted(Counted::Person(id)), BY_PERSON));
        let network = asker.network.map(|it| (self.counted(Counted::Network(it)), BY_NETWORK));
        let of = [person, network];
        let of = || of.iter().flatten();
        if of().any(|(who, most)| self.calls.get(who).is_some_and(|calls| calls >= most)) {
            return false;
        }
        for (who, _) in of() {
            *self.calls.entry(*who).or_default() += 1;
        }
        true
    }

    fn counted(&self, who: Counted) -> Counted {
        let is_counted = self.calls.len() < COUNTED || self.calls.contains_key(&who);
        if is_counted { who } else { Counted::Rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn asker(person: Option<u128>, network: [u8; 4]) -> Asker {
        Asker { person: person.map(Uuid::from_u128), network: Some(IpAddr::from(network)) }
    }

    #[test]
    fn people_and_networks_have_a_number_of_calls_a_day() {
        let (mut quota, now) = (Quota::default(), at("2026-11-01T12:00:00Z"));
        let mut taken = |person, network, now| {
            let asker = asker(person, network);
            std::iter::repeat_with(|| quota.take(asker, now)).take(1_000).filter(|own| *own).count()
        };
        let school = [192, 0, 2, 1];
        assert_eq!(taken(Some(1), school, now), 100);
        assert_eq!(taken(Some(1), [192, 0, 2, 2], now), 0, "from another network");
        assert_eq!(taken(Some(2), school, now), 100);
        assert_eq!(taken(None, school, now), 200, "what is left of the network");
        assert_eq!(taken(Some(3), school, now), 0);
        assert_eq!(taken(None, [192, 0, 2, 3], now), 400);
        assert_eq!(taken(Some(1), school, at("2026-11-02T00:00:00Z")), 100, "the next day");
    }

    #[test]
    fn many_networks_share_what_is_left() {
        let (mut quota, now) = (Quota::default(), at("2026-11-01T12:00:00Z"));
        let network = |number: usize| {
            let [.., a, b, c] = number.to_be_bytes();
            asker(None, [10, a, b, c])
        };
        let taken = (0..COUNTED + 1_000).filter(|number| quota.take(network(*number), now)).count();
        assert_eq!(taken, COUNTED + 400);
        assert_eq!(quota.calls.len(), COUNTED + 1);
        assert!(quota.take(network(0), now), "one that is counted");
        assert!(quota.take(Asker::default(), now), "this server");
    }
}
