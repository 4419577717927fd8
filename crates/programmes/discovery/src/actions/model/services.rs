use chrono::TimeDelta;
use platform::{
    Context,
    config::Config,
    db::in_words,
    outside::{Condition, Service},
};

use crate::{
    gateway::{Model, Models},
    reads::last_outcomes,
};

const NAME: &str = "language_model";

/// The number of calls that have to fail in a row. A single wrong answer says little about the service.
const IN_A_ROW: i64 = 3;

/// Returns the service with the model for the health page.
#[must_use]
pub(crate) fn services(config: &Config) -> Vec<Service> {
    let models = Models::of(config);
    if models.get().is_none() {
        return vec![Service::absent(NAME)];
    }
    vec![Service::new(NAME, move |context: Context| {
        let models = models.clone();
        async move { look(&models, &context).await }
    })]
}

async fn look(models: &Models, context: &Context) -> Condition {
    let Some(model) = models.get() else {
        return Condition::NotConfigured;
    };
    if Model::permit(context).is_none() {
        return Condition::SwitchedOff;
    }
    let now = context.now();
    if let Err(error) = model.check(now).await {
        return Condition::Failing(format!("{error}."));
    }
    match last_outcomes(&context.db, now - TimeDelta::hours(1), IN_A_ROW).await {
        Ok(outcomes) => condition(&outcomes),
        Err(error) => Condition::Failing(in_words(&error)),
    }
}

/// Returns the condition of a service that accepts the key, by the outcomes of the last calls of an hour.
fn condition(outcomes: &[String]) -> Condition {
    let is_failing =
        outcomes.len() as i64 == IN_A_ROW && outcomes.iter().all(|outcome| outcome != "answered");
    if is_failing {
        return Condition::Failing(format!(
            "The last {IN_A_ROW} calls failed: see the reasons at /admin/discovery/model."
        ));
    }
    Condition::Healthy("The service accepts the key".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_a_fault() {
        let cases: [(&[&str], bool); 5] = [
            (&[], false),
            (&["failed"], false),
            (&["failed", "timed_out", "answered"], false),
            (&["answered", "failed", "failed"], false),
            (&["failed", "timed_out", "malformed"], true),
        ];
        for (outcomes, expected) in cases {
            let outcomes: Vec<_> = outcomes.iter().map(|&outcome| outcome.to_owned()).collect();
            let is_failing = matches!(condition(&outcomes), Condition::Failing(_));
            assert_eq!(is_failing, expected, "{outcomes:?}");
        }
    }
}
