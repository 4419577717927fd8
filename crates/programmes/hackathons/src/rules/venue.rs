//! The networks of the place of a hackathon.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{config::Network, exempt};

use super::{invalid, timeline::Timeline};

/// The maximum number of networks of a hackathon.
pub const MOST_NETWORKS: usize = 5;
/// How long before submissions open the networks are exempt, for people who arrive and sign in.
const ARRIVAL: TimeDelta = TimeDelta::days(1);
/// How much later than at the approval judging can end before an admin has to approve the networks again.
const DELAY: TimeDelta = TimeDelta::days(2);

/// Reads networks in CIDR notation. Returns each once.
///
/// # Errors
/// When there are too many, or one is too large, not public or no network.
pub fn networks(typed: &[String]) -> Result<Vec<String>, Problem> {
    let refused = |detail| invalid("networks", detail);
    let typed: Vec<&String> = typed.iter().filter(|it| !it.trim().is_empty()).collect();
    if typed.len() > MOST_NETWORKS {
        return Err(refused(format!("State at most {MOST_NETWORKS} venue networks, each once.")));
    }
    let mut networks: Vec<String> = Vec::new();
    for text in typed {
        let network = exempt::read(text).map_err(refused)?.to_string();
        if !networks.contains(&network) {
            networks.push(network);
        }
    }
    Ok(networks)
}

/// Refuses an approval of other networks than the hackathon has.
///
/// # Errors
/// When they differ.
pub fn are_current(approved: &[String], stated: &[String]) -> Result<(), Problem> {
    if approved == stated {
        Ok(())
    } else {
        let detail = "The organizers changed the networks. Reload the page, and check them again.";
        Err(Problem::new(ProblemKind::Conflict, "VENUE_NETWORKS_CHANGED", detail))
    }
}

/// Returns the networks that are exempt: the stated ones that an admin approved.
#[must_use]
pub fn exempt(stated: &[String], approved: &[String]) -> Vec<Network> {
    let both = stated.iter().filter(|it| approved.contains(it));
    both.filter_map(|it| it.parse().ok()).collect()
}

/// Returns the instant until which an approval holds: the end of judging as it is now, and [`DELAY`] more.
#[must_use]
pub fn approved_until(timeline: &Timeline) -> Timestamp {
    timeline.judging_closes_at + DELAY
}

/// Returns the instants between which they are exempt: from a day before submissions open until judging ends, or the approval does.
#[must_use]
pub fn window(timeline: &Timeline, approved_until: Option<Timestamp>) -> (Timestamp, Timestamp) {
    let ends = timeline.judging_closes_at;
    (timeline.submission_opens_at - ARRIVAL, approved_until.map_or(ends, |until| until.min(ends)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(networks: &[&str]) -> Vec<String> {
        networks.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn up_to_five_networks_are_read_once() {
        let two = networks(&typed(&["93.184.216.0/24", "", " 93.184.216.0/24", "93.184.217.1"]));
        assert_eq!(two, Ok(typed(&["93.184.216.0/24", "93.184.217.1/32"])));
        let six: Vec<String> = (0..6).map(|it| format!("93.184.{it}.0/24")).collect();
        assert!(networks(&six[..5]).is_ok());
        for refused in [six, typed(&["10.0.0.0/24"]), typed(&["93.184.0.0/16"])] {
            let problem = networks(&refused).expect_err("refused");
            assert_eq!(problem.field, Some("networks"), "{refused:?}");
        }
    }

    #[test]
    fn stated_networks_are_exempt_once_approved() {
        let stated = typed(&["93.184.216.0/24", "93.184.217.0/24"]);
        for (approved, count) in
            [(&[][..], 0), (&["93.184.216.0/24"], 1), (&["93.184.216.0/24", "93.184.218.0/24"], 1)]
        {
            assert_eq!(exempt(&stated, &typed(approved)).len(), count);
        }
        assert!(are_current(&stated, &stated).is_ok());
        let problem = are_current(&stated[..1], &stated).expect_err("changed");
        assert_eq!(problem.code, "VENUE_NETWORKS_CHANGED");
    }
}
