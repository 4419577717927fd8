use serde::{Deserialize, Serialize};

use super::world::{HeldEvent, Solved, World};
use crate::rng::Rng;

/// Categories as the platform writes them, each with the beginning of its titles and the code of a work role.
pub(super) const CATEGORIES: [(&str, &str, &str); 9] = [
    ("Web Exploitation", "Broken Login", "SP-DEV-001"),
    ("Cryptography", "Hidden Cipher", "AN-TWA-001"),
    ("OSINT", "Lost Photograph", "AN-ASA-001"),
    ("Forensics", "Deleted Evidence", "IN-FOR-002"),
    ("Binary Exploitation", "Small Stack", "PR-VAM-001"),
    ("Reverse Engineering", "Locked Box", "AN-XAN-001"),
    ("Networking", "Strange Packets", "PR-CDA-001"),
    ("Operating Systems", "Forgotten Shell", "OM-ADM-001"),
    ("Miscellaneous", "Odd One Out", "OV-TEA-002"),
];

/// The most solves that one request books.
const MOST: u64 = 10_000;

#[derive(Clone, Debug)]
pub(super) struct Challenge {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) points: i64,
    pub(super) category: String,
    pub(super) is_retired: bool,
    pub(super) roles: Vec<String>,
}

impl Challenge {
    /// Draws one of 450 challenges.
    pub(super) fn random(rng: &mut Rng) -> Self {
        let (index, number) = (rng.index(CATEGORIES.len()), rng.between(1, 50));
        let (category, title, role) = CATEGORIES[index];
        Self {
            id: format!("{}{number:02}", index + 1),
            title: format!("{title} {number}"),
            points: 100 + number * 8 / 10 * 10,
            category: category.to_owned(),
            is_retired: number % 17 == 0,
            roles: vec![role.to_owned()],
        }
    }
}

/// Solves to book for an account. What is absent is drawn by the seed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Booking {
    /// The account.
    pub syned_user_id: String,
    /// The number of solves; one if it is absent.
    pub count: Option<u64>,
    pub challenge_id: Option<String>,
    pub challenge_title: Option<String>,
    pub challenge_points: Option<i64>,
    pub challenge_category: Option<String>,
    /// The time of the solve, in seconds since 1970; now if it is absent.
    pub timestamp_unix: Option<i64>,
    /// True if the challenge is no longer offered.
    pub challenge_retired: Option<bool>,
    pub nist_nice_work_roles: Option<Vec<String>>,
}

/// A Flash CTF to book for an account. An event with the same name and start gets more solves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlashBooking {
    /// The account.
    pub syned_user_id: String,
    pub flash_ctf_name: String,
    /// The start, in seconds since 1970; now if it is absent.
    pub flash_ctf_time_start_unix: Option<i64>,
    /// The most points; 2,000 if it is absent.
    pub max_points_possible: Option<i64>,
    pub rank: Option<i64>,
    /// The number of solves.
    pub count: Option<u64>,
}

impl Booking {
    /// Returns the challenge, with what is absent drawn.
    fn challenge(&self, rng: &mut Rng) -> Challenge {
        let drawn = Challenge::random(rng);
        let or = |given: &Option<String>, drawn: String| given.clone().unwrap_or(drawn);
        Challenge {
            id: or(&self.challenge_id, drawn.id),
            title: or(&self.challenge_title, drawn.title),
            points: self.challenge_points.unwrap_or(drawn.points),
            category: or(&self.challenge_category, drawn.category),
            is_retired: self.challenge_retired.unwrap_or(drawn.is_retired),
            roles: self.nist_nice_work_roles.clone().unwrap_or(drawn.roles),
        }
    }

    /// Changes a challenge as far as fields are given.
    pub(super) fn correct(&self, solved: &mut Solved) {
        let challenge = &mut solved.challenge;
        let texts = [
            (&self.challenge_id, &mut challenge.id),
            (&self.challenge_title, &mut challenge.title),
            (&self.challenge_category, &mut challenge.category),
        ];
        for (given, own) in texts {
            if let Some(given) = given {
                own.clone_from(given);
            }
        }
        challenge.points = self.challenge_points.unwrap_or(challenge.points);
        challenge.is_retired = self.challenge_retired.unwrap_or(challenge.is_retired);
        if let Some(roles) = &self.nist_nice_work_roles {
            challenge.roles.clone_from(roles);
        }
        solved.at = self.timestamp_unix.unwrap_or(solved.at);
    }
}

impl World {
    /// Books solves, and returns their IDs; `None` for an unknown account.
    pub(super) fn book(&mut self, booking: &Booking, now: i64) -> Option<Vec<i64>> {
        self.user(&booking.syned_user_id, now)?;
        let late = i64::from(self.switches.late_seconds);
        let solves: Vec<Solved> = (0..booking.count.unwrap_or(1).min(MOST))
            .map(|_| Solved {
                id: self.id(),
                challenge: booking.challenge(&mut self.rng),
                at: booking.timestamp_unix.unwrap_or(now - late),
            })
            .collect();
        let user = self.user(&booking.syned_user_id, now)?;
        let ids = solves.iter().map(|solve| solve.id).collect();
        user.solves.extend(solves);
        user.last_accessed = Some(now);
        user.last_login = user.last_login.or(Some(now));
        Some(ids)
    }

    /// Books a Flash CTF, and returns the IDs of its solves; `None` for an unknown account.
    pub(super) fn book_flash(&mut self, booking: &FlashBooking, now: i64) -> Option<Vec<i64>> {
        self.user(&booking.syned_user_id, now)?;
        let start = booking.flash_ctf_time_start_unix.unwrap_or(now);
        let mut solves = Vec::new();
        for number in 0..booking.count.unwrap_or(0).min(MOST) {
            solves.push(Solved {
                id: self.id(),
                challenge: Challenge::random(&mut self.rng),
                at: start.saturating_add_unsigned(600 * (number + 1)),
            });
        }
        let user = self.user(&booking.syned_user_id, now)?;
        let ids = solves.iter().map(|solve| solve.id).collect();
        user.last_accessed = Some(now);
        let is_same =
            |event: &&mut HeldEvent| event.name == booking.flash_ctf_name && event.start == start;
        if let Some(event) = user.events.iter_mut().find(is_same) {
            event.solves.extend(solves);
            event.rank = booking.rank.or(event.rank);
            return Some(ids);
        }
        user.events.push(HeldEvent {
            name: booking.flash_ctf_name.clone(),
            start,
            max_points: booking.max_points_possible.unwrap_or(2_000),
            rank: booking.rank,
            solves,
        });
        Some(ids)
    }
}
