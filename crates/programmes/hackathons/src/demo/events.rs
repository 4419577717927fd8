//! The hackathons of the demo, one in each phase.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::texts;
use crate::{
    model::Phase,
    rules::{
        details::{HackathonInput, Question},
        prizes::PrizeInput,
        tracks::TrackInput,
    },
};

/// A hackathon of the demo: the phase in which it is at the end of the demo, its slug, name and summary, and its six dates in days
/// before and after that end.
pub(super) struct DemoHackathon {
    pub(super) phase: Phase,
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) days: [i64; 6],
}

pub(super) const EVENTS: [DemoHackathon; 11] = [
    DemoHackathon {
        phase: Phase::Applications,
        slug: "low-tide-hack",
        title: "Low Tide Hack",
        summary: "Eight days to build small tools for small harbors: tide tables, berth lists, radio logs.",
        days: [-12, 9, 16, 24, 25, 31],
    },
    DemoHackathon {
        phase: Phase::Submission,
        slug: "lighthouse-days",
        title: "Lighthouse Days",
        summary: "Five days for software that keeps working when the network does not.",
        days: [-40, -5, -3, 2, 3, 6],
    },
    DemoHackathon {
        phase: Phase::Archived,
        slug: "spring-tide-hack",
        title: "Spring Tide Hack",
        summary: "The first of our hackathons, for tools that people on boats need.",
        days: [-120, -100, -90, -82, -82, -82],
    },
    DemoHackathon {
        phase: Phase::Completed,
        slug: "fog-signal-jam",
        title: "Fog Signal Jam",
        summary: "Five days about sound: horns, bells, radio and what a phone can hear.",
        days: [-45, -35, -14, -9, -8, -4],
    },
    DemoHackathon {
        phase: Phase::JudgingClosed,
        slug: "neap-tide-hack",
        title: "Neap Tide Hack",
        summary: "Two quiet weeks for tools that wait all season for someone with time.",
        days: [-50, -40, -35, -20, -19, -1],
    },
    DemoHackathon {
        phase: Phase::Judging,
        slug: "harbor-lights",
        title: "Harbor Lights",
        summary: "Maps, buoys and lights: eighteen days of open data for everyone on the water.",
        days: [-40, -30, -20, -2, -1, 3],
    },
    DemoHackathon {
        phase: Phase::SubmissionClosed,
        slug: "buoy-jam",
        title: "Buoy Jam",
        summary: "Hardware that floats, and the software that listens to it.",
        days: [-30, -20, -10, -1, 1, 4],
    },
    DemoHackathon {
        phase: Phase::ApplicationsClosed,
        slug: "ebb-days",
        title: "Ebb Days",
        summary: "A long weekend of maintenance: old tools of harbors get tests and documentation.",
        days: [-20, -2, 2, 5, 6, 8],
    },
    DemoHackathon {
        phase: Phase::Upcoming,
        slug: "equinox-hack",
        title: "Equinox Hack",
        summary: "Equal hours of day and night, and something that helps people through both.",
        days: [10, 30, 40, 44, 45, 50],
    },
    DemoHackathon {
        phase: Phase::Canceled,
        slug: "storm-surge-hack",
        title: "Storm Surge Hack",
        summary: "Warnings that arrive in time.",
        days: [-15, 5, 12, 15, 16, 18],
    },
    DemoHackathon {
        phase: Phase::Draft,
        slug: "winter-swell-hack",
        title: "Winter Swell Hack",
        summary: "Not announced yet.",
        days: [30, 50, 60, 64, 65, 70],
    },
];

/// The days between the announcement of a hackathon and its applications.
const ANNOUNCED: i64 = 3;

impl DemoHackathon {
    /// Returns the hour at which it was created, counted from the end of the demo like the others: at the latest a day before.
    pub(super) fn announced(&self) -> i64 {
        (24 * (self.days[0] - ANNOUNCED)).min(-24)
    }

    /// Returns the hour at which people began to apply.
    pub(super) fn applied(&self) -> i64 {
        24 * self.days[0] + 2
    }

    /// Returns the hour at which teams submitted, shortly before their deadline.
    pub(super) fn submitted(&self) -> i64 {
        (24 * self.days[3] - 4).min(-3)
    }

    /// Returns the hour at which judges began.
    pub(super) fn judged(&self) -> i64 {
        24 * self.days[4] + 2
    }

    /// Returns the hour at which results were published.
    pub(super) fn published(&self) -> i64 {
        24 * (self.days[5] + 2)
    }

    /// Returns the number of projects: where judges judge, or begin to soon, there are more.
    pub(super) fn projects(&self) -> usize {
        if self.is_large() { 5 } else { 3 }
    }

    fn is_large(&self) -> bool {
        matches!(self.phase, Phase::Judging | Phase::SubmissionClosed)
    }

    /// Returns whether organizers review applications.
    pub(super) fn is_reviewed(&self) -> bool {
        self.phase == Phase::ApplicationsClosed
    }

    /// Returns whether people apply.
    pub(super) fn has_applications(&self) -> bool {
        !matches!(self.phase, Phase::Draft | Phase::Upcoming)
    }

    /// Returns whether teams submit.
    pub(super) fn has_submissions(&self) -> bool {
        self.phase >= Phase::Submission && self.phase != Phase::Canceled
    }

    /// Returns whether the contributor whom visitors can sign in as takes part: with a team of theirs in the one in which teams
    /// are at work, and in those that are judged with a team that has submitted.
    pub(super) fn has_guest(&self) -> bool {
        matches!(self.phase, Phase::Submission | Phase::Judging) || self.has_results()
    }

    /// Returns whether teams are at work.
    pub(super) fn is_at_work(&self) -> bool {
        self.phase == Phase::Submission
    }

    /// Returns whether its points are approved before there are results. Those of the one that is judged wait for an admin.
    pub(super) fn has_points(&self) -> bool {
        !matches!(self.phase, Phase::Draft | Phase::Canceled | Phase::Judging)
    }

    /// Returns whether there are results.
    pub(super) fn has_results(&self) -> bool {
        matches!(self.phase, Phase::Completed | Phase::Archived)
    }
}

/// Returns the hackathons to which teams submit, with the opening of their submissions.
pub(super) fn openings(today: Timestamp) -> Vec<(&'static str, Timestamp)> {
    let submitted = EVENTS.iter().filter(|it| it.has_submissions());
    submitted.map(|it| (it.slug, today + TimeDelta::days(it.days[2]))).collect()
}

pub(super) fn dates(today: Timestamp, days: [i64; 6]) -> [Option<String>; 6] {
    days.map(|days| Some((today + TimeDelta::days(days)).to_rfc3339()))
}

const CONDUCT: &str = "Be kind and patient. Build on the work of others only with their license. Tell the organizers when \
    someone makes you uncomfortable.";

pub(super) fn details(event: &DemoHackathon, dates: [Option<String>; 6]) -> HackathonInput {
    let text = |text: &str| Some(text.to_owned());
    let own = texts::of(event.slug);
    HackathonInput {
        title: text(event.title),
        summary: text(event.summary),
        description: text(own.description),
        requirements: text(own.requirements),
        prizes: text(own.prizes),
        conduct: text(CONDUCT),
        tags: Some(own.tags.map(str::to_owned).to_vec()),
        questions: Some(vec![Question {
            text: "What would you like to build?".to_owned(),
            is_required: false,
        }]),
        places: event.is_reviewed().then(|| "review".to_owned()),
        capacity: Some(Some(match event.phase {
            Phase::Applications => 40,
            Phase::Submission => 7,
            _ if event.is_large() => 12,
            _ if event.has_guest() => 6,
            _ => 5,
        })),
        timezone: text("Europe/Lisbon"),
        dates,
        ..HackathonInput::default()
    }
}

/// The tracks of each hackathon.
pub(super) const OFFLINE: &str = "offline-first";
pub(super) const HARBORS: &str = "harbors";

/// Returns the tracks of each hackathon, with the slugs [`OFFLINE`] and [`HARBORS`].
pub(super) fn tracks() -> [TrackInput; 2] {
    [
        ("Offline first", "Works without a network, and says so."),
        ("Harbors", "Used by the people who run a harbor."),
    ]
    .map(|(name, description)| TrackInput {
        name: name.to_owned(),
        description: description.to_owned(),
    })
}

/// Returns the prizes of each hackathon: one for all, and one for a track.
pub(super) fn prizes() -> [PrizeInput; 2] {
    let text = |text: &str| Some(text.to_owned());
    [
        PrizeInput {
            name: text("Harbor prize"),
            sponsor: text("Pilots’ Society"),
            value: text("A day at sea"),
            ..PrizeInput::default()
        },
        PrizeInput {
            name: text("Offline prize"),
            track: text(OFFLINE),
            value: text("A radio"),
            position: text("1"),
            ..PrizeInput::default()
        },
    ]
}
