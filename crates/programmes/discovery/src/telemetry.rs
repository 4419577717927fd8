//! The metrics of claims and language models.

use platform::telemetry::{Metric, MetricLabel};

use crate::gateway;

pub(crate) const CLAIMS_ENDED: Metric =
    Metric::counter("guildhall_claims_ended_total", "Claims of issues that ended, by status.")
        .by(&[MetricLabel::of("status", &["completed", "released", "expired"])]);

pub(crate) const ALL: &[Metric] =
    &[CLAIMS_ENDED, gateway::MODEL_CALLS, gateway::MODEL_COST, gateway::MODEL_SECONDS];
