//! The arguments of commands, and their meanings.

use std::fmt;

use kernel::Points;

use crate::{
    model::{DisputeKind, DisputePart, OverrideKind},
    rules::{
        MOST_POINTS,
        disputes::{DisputeTarget, numbered},
    },
};

pub(super) fn part(text: &str) -> Result<DisputePart, String> {
    DisputePart::from_code(text).ok_or_else(|| "use open, appealed or decided".to_owned())
}

pub(super) fn kind(text: &str) -> Result<DisputeKind, String> {
    DisputeKind::named(text).ok_or_else(|| "use score, flag, sanction or ban".to_owned())
}

/// Reads a number with or without its prefix.
pub(super) fn number(text: &str) -> Result<i64, String> {
    let found = numbered("D-", text).or_else(|| numbered("", text));
    found.ok_or_else(|| "use the number of a dispute, such as D-12".to_owned())
}

/// The points that an override gives.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Kind {
    /// Set the total to this number of points
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(0..=MOST_POINTS)
    )]
    pub(super) points: Option<Points>,
    /// Keep the points as they are, whatever happens later
    #[arg(long)]
    freeze: bool,
    /// Give no points
    #[arg(long)]
    none: bool,
}

impl Kind {
    pub(super) fn chosen(&self) -> OverrideKind {
        match (self.points, self.freeze) {
            (Some(_), _) => OverrideKind::Set,
            (None, true) => OverrideKind::Freeze,
            (None, false) => OverrideKind::None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PullName {
    pub(super) full_name: String,
    pub(super) number: i64,
}

impl fmt::Display for PullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.full_name, self.number)
    }
}

pub(super) fn pull_named(text: &str) -> Result<PullName, String> {
    match DisputeTarget::read(DisputeKind::Score, text) {
        Ok(DisputeTarget::Pull { full_name, number }) => Ok(PullName { full_name, number }),
        _ => Err("use OWNER/NAME#NUMBER, such as octo-org/lantern#1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        assert_eq!((number("D-12"), number("12")), (Ok(12), Ok(12)));
        assert_eq!(part("decided"), Ok(DisputePart::Decided));
        assert_eq!(kind("flag"), Ok(DisputeKind::Flag));
        assert_eq!(kind("ban"), Ok(DisputeKind::Ban));
        for wrong in ["", "D-", "D-0", "-1", "F-12", "D-99999999999999999999"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
        assert!(part("closed").is_err() && kind("mute").is_err());
    }

    #[test]
    fn pull_requests_are_named_with_their_repository() {
        let named = pull_named("octo-org/lantern#12").expect("a name");
        assert_eq!(named.to_string(), "octo-org/lantern#12");
        assert_eq!((&*named.full_name, named.number), ("octo-org/lantern", 12));
        for wrong in ["", "12", "octo-org/lantern", "octo-org/lantern#0", "octo#-1"] {
            assert!(pull_named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_option_is_a_kind_of_override() {
        let kind = |points, freeze| Kind { points, freeze, none: points.is_none() && !freeze };
        for (kind, expected) in [
            (kind(Some(0), false), (OverrideKind::Set, Some(0))),
            (kind(Some(40), false), (OverrideKind::Set, Some(40))),
            (kind(None, true), (OverrideKind::Freeze, None)),
            (kind(None, false), (OverrideKind::None, None)),
        ] {
            assert_eq!((kind.chosen(), kind.points), expected, "{kind:?}");
        }
    }
}
