pub(crate) use crate::model::FunnelStage;
use crate::telemetry::FUNNEL;

pub(crate) fn count(stage: FunnelStage, reached: usize) {
    FUNNEL.add(&[stage.as_str()], reached as u64);
}
