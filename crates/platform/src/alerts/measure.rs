use super::{Severity, store};
use crate::{
    db::{DbError, Sql},
    module::AlertRule,
    telemetry::{Metric, MetricLabel},
};

/// Open alerts, so that Prometheus sees also those whose condition no metric has.
pub(crate) const OPEN: Metric =
    Metric::gauge("guildhall_open_alerts", "Alerts whose incident lasts, by kind and severity.")
        .by(&[MetricLabel::open("kind"), MetricLabel::of("severity", Severity::CODES)]);

/// Measures the open alerts of each kind for a scrape; kinds without any have 0.
pub(crate) async fn measure(db: &impl Sql, rules: &[AlertRule]) -> Result<(), DbError> {
    let open = store::all_open(db).await?;
    for rule in rules {
        for severity in Severity::ALL {
            let is_counted =
                |(kind, own): &&(String, Severity)| kind == rule.kind && *own == severity;
            let count = open.iter().filter(is_counted).count();
            OPEN.set(
                &[rule.kind, severity.as_str()],
                f64::from(u32::try_from(count).unwrap_or(u32::MAX)),
            );
        }
    }
    Ok(())
}
