//! Days on which few people came.

use platform::alerts::{Incident, Severity};

/// The last full day, and the seven that it is compared with.
pub(crate) const COMPARED_DAYS: i64 = 8;

/// The mean of people a day below which a day says nothing: of few people, half are away on any day.
const FEWEST: i64 = 20;

/// Returns an incident if the last full day had less than half of the mean of the seven days before it. `days` are the people of
/// each day, the latest first; of fewer than eight there is none.
pub(crate) fn fewer_people(days: &[i64]) -> Option<Incident> {
    let [last, before @ ..] = days.get(..8)? else { return None };
    let (compared, sum) = (COMPARED_DAYS - 1, before.iter().sum::<i64>());
    let is_low = sum >= FEWEST * compared && last * 2 * compared < sum;
    is_low.then(|| Incident {
        subject: "people".to_owned(),
        severity: Severity::Medium,
        title: format!("Only {last} people came yesterday, instead of about {}", sum / compared),
        text: "That is less than half of the mean of the seven days before. Check that people can sign in, that emails arrive, and \
               whether a season or an event has ended. See docs/operations.md, 'Responding to alerts'."
            .to_owned(),
        link: "/admin/use",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_half_of_the_mean_of_seven_days_is_an_incident() {
        for (days, expected) in [
            (vec![], false),
            (vec![0, 90, 90, 90, 90, 90, 90], false),
            (vec![0, 19, 19, 19, 19, 19, 19, 19], false),
            (vec![9, 20, 20, 20, 20, 20, 20, 20], true),
            (vec![10, 20, 20, 20, 20, 20, 20, 20], false),
            (vec![0, 140, 0, 0, 0, 0, 0, 0], true),
            (vec![49, 100, 100, 100, 100, 100, 100, 100], true),
            (vec![90, 10, 10, 10, 10, 10, 10, 10], false),
        ] {
            assert_eq!(fewer_people(&days).is_some(), expected, "{days:?}");
        }
        let found = fewer_people(&[3, 30, 30, 30, 30, 30, 30, 30]).expect("an incident");
        assert_eq!(found.title, "Only 3 people came yesterday, instead of about 30");
        assert_eq!(found.severity, Severity::Medium);
    }
}
