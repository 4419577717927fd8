//! The metrics of hackathons and rewards.

use platform::telemetry::{Metric, MetricLabel};

use crate::model::FunnelStage;

pub(crate) const APPLICATIONS: Metric =
    Metric::counter("hackathon_applications_total", "New applications to hackathons.");

pub(crate) const FUNNEL: Metric = Metric::counter(
    "hackathon_funnel_total",
    "What reached a stage of hackathons, from viewed to judged.",
)
.by(&[MetricLabel::of("stage", FunnelStage::CODES)]);

pub(crate) const ON_TIME: Metric = Metric::counter(
    "hackathon_submissions_on_time_total",
    "Submissions whose first version came on time.",
);

pub(crate) const STOCK: Metric =
    Metric::gauge("reward_stock", "Stock of a reward; NaN if it has no limit or is archived.")
        .by(REWARD);

pub(crate) const STOCK_THRESHOLD: Metric = Metric::gauge(
    "reward_stock_threshold",
    "Stock of a reward at which admins are alerted; NaN if they are not.",
)
.by(REWARD);

pub(crate) const VALIDATION: Metric =
    Metric::histogram("submission_validation_seconds", "Duration of checks of submissions.")
        .by(&[MetricLabel::of("verdict", &["valid", "invalid", "unchanged", "nothing to check"])]);

const REWARD: &[MetricLabel] = &[MetricLabel::open("reward")];

pub(crate) const ALL: &[Metric] =
    &[APPLICATIONS, FUNNEL, ON_TIME, STOCK, STOCK_THRESHOLD, VALIDATION];
