//! The metrics of syncs and the game platform.

use platform::telemetry::{Metric, MetricLabel};

use crate::{gateway, rules::runs::RunOutcome};

pub(crate) const PENDING: Metric = Metric::gauge(
    "game_platform_competitors_pending",
    "Competitors who are ready for the game platform, but not on it.",
);

pub(crate) const SYNCS: Metric =
    Metric::histogram("game_platform_sync_seconds", "Duration of sync runs, by outcome.")
        .by(&[MetricLabel::of("outcome", RunOutcome::CODES)]);

pub(crate) const ALL: &[Metric] =
    &[PENDING, SYNCS, gateway::ERRORS, gateway::REMAINING, gateway::REQUESTS];
