//! The part of a person in a hackathon, and the facts that decide its moment, from a row of all that runs.

use kernel::Timestamp;
use serde::Deserialize;

use super::timeline::Timeline;

/// The facts that decide the moment of a hackathon, and the part of a person in it.
#[derive(Debug, Deserialize)]
pub(crate) struct PartFacts {
    /// The six instants of its timeline, in seconds since 1970.
    times: [i64; 6],
    pub(crate) visibility: String,
    /// 1 if people can apply late.
    pub(crate) late: i64,
    pub(crate) capacity: Option<i64>,
    /// The role in its staff, the status of the application, and the name of the team; empty without.
    pub(crate) role: String,
    pub(crate) status: String,
    team: String,
    /// 1 if the person leads the team.
    leads: i64,
    /// The name of the project that the person is to judge now; empty for none.
    next: String,
}

impl PartFacts {
    /// Returns the timeline; `None` if an instant is out of range.
    pub(crate) fn timeline(&self) -> Option<Timeline> {
        let at = |place: usize| Timestamp::from_timestamp(self.times[place], 0);
        Some(Timeline {
            application_opens_at: at(0)?,
            application_closes_at: at(1)?,
            submission_opens_at: at(2)?,
            submission_closes_at: at(3)?,
            judging_opens_at: at(4)?,
            judging_closes_at: at(5)?,
        })
    }

    /// Returns the person's part in a sentence without its end; empty for none.
    pub(crate) fn own(&self, judged: Option<(i64, i64)>) -> String {
        let (team, next) = (ui::format::tame(&self.team), ui::format::tame(&self.next));
        match (self.role.as_str(), self.status.as_str(), judged) {
            ("organizer", ..) => "You organize it".to_owned(),
            ("judge", _, Some((done, all))) if next.is_empty() || done == all => {
                format!("You judge it, {done} of {all} judged")
            }
            ("judge", _, Some((done, all))) => {
                format!("You judge it, {done} of {all} judged, next: {next}")
            }
            ("judge", ..) => "You judge it".to_owned(),
            ("mentor", ..) => "You help its teams".to_owned(),
            (_, "pending_review", _) => "Your application waits for an answer".to_owned(),
            (_, "waitlisted", _) => "You are on the waitlist".to_owned(),
            (_, "auto_accepted" | "approved", _) if team.is_empty() => {
                "You take part, without a team".to_owned()
            }
            (_, "auto_accepted" | "approved", _) if self.leads > 0 => {
                format!("You lead the team {team}")
            }
            (_, "auto_accepted" | "approved", _) => format!("You are in the team {team}"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_a_person_is_said_in_a_line() {
        for (role, status, team, leads, judged, words) in [
            ("organizer", "", "", 0, None, "You organize it"),
            ("judge", "", "", 0, None, "You judge it"),
            ("judge", "", "", 0, Some((1, 2)), "You judge it, 1 of 2 judged, next: Gannet"),
            ("judge", "", "", 0, Some((2, 2)), "You judge it, 2 of 2 judged"),
            ("mentor", "", "", 0, None, "You help its teams"),
            ("", "waitlisted", "", 0, None, "You are on the waitlist"),
            ("", "approved", "", 0, None, "You take part, without a team"),
            ("", "approved", "Heron", 1, None, "You lead the team Heron"),
            ("", "auto_accepted", "Heron", 0, None, "You are in the team Heron"),
            ("", "rejected", "", 0, None, ""),
        ] {
            let facts = PartFacts {
                times: [0; 6],
                visibility: "public".to_owned(),
                late: 0,
                capacity: None,
                role: role.to_owned(),
                status: status.to_owned(),
                team: team.to_owned(),
                leads,
                next: "Gannet".to_owned(),
            };
            assert_eq!(facts.own(judged), words);
        }
    }
}
