use super::{Config, ConfigError, LARGEST_BODY, named};

/// A day: a lease longer than that hides that a worker died.
const LONGEST_LEASE: i128 = 86_400;
/// An hour: a lost bell should not cost more.
const LONGEST_POLL: i128 = 3_600_000;
/// A tebibyte: more than any machine it would run on has.
const MOST_IN_FLIGHT: i128 = 1 << 40;
/// A hundred years.
const LONGEST_RETENTION: i128 = 36_500;
/// A month, in hours: what is told more rarely is forgotten.
const LONGEST_SILENCE: i128 = 720;
/// A week, in minutes.
const LONGEST_WAIT: i128 = 10_080;
/// More than one machine can send.
const MOST_REQUESTS: i128 = 100_000_000;

impl Config {
    pub(super) fn refuse_what_is_out_of_range(&self) -> Result<(), ConfigError> {
        let ranges = [
            (
                "job_lease_seconds",
                i128::from(self.job_lease_seconds),
                1..=LONGEST_LEASE,
            ),
            (
                "job_poll_milliseconds",
                i128::from(self.job_poll_milliseconds),
                1..=LONGEST_POLL,
            ),
            // Not even one delivery would have room below.
            (
                "inbox_bytes_in_flight",
                self.inbox_bytes_in_flight as i128,
                LARGEST_BODY as i128..=MOST_IN_FLIGHT,
            ),
            (
                "delivery_retention_days",
                i128::from(self.delivery_retention_days),
                1..=LONGEST_RETENTION,
            ),
            (
                "alert_again_hours",
                i128::from(self.alert_again_hours),
                1..=LONGEST_SILENCE,
            ),
            (
                "alert_outbox_minutes",
                i128::from(self.alert_outbox_minutes),
                1..=LONGEST_WAIT,
            ),
            (
                "requests_per_minute",
                i128::from(self.requests_per_minute),
                1..=MOST_REQUESTS,
            ),
            (
                "person_requests_per_minute",
                i128::from(self.person_requests_per_minute),
                1..=MOST_REQUESTS,
            ),
            (
                "token_requests_per_minute",
                i128::from(self.token_requests_per_minute),
                1..=MOST_REQUESTS,
            ),
        ];
        match ranges
            .into_iter()
            .find(|(_, value, range)| !range.contains(value))
        {
            None => Ok(()),
            Some((key, value, range)) => Err(ConfigError::Invalid(format!(
                "{} is {value}: write a whole number from {} to {}",
                named(key),
                range.start(),
                range.end()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Flags;

    fn load(variable: &str, value: &str) -> Result<Config, ConfigError> {
        let environment = BTreeMap::from([(variable.to_owned(), value.to_owned())]);
        Config::load(&environment, &Flags::default())
    }

    #[test]
    fn a_number_out_of_range_is_told_with_its_variable_and_range() {
        for (variable, least, most) in [
            ("GUILDHALL_JOB_LEASE_SECONDS", 1, 86_400_u64),
            ("GUILDHALL_JOB_POLL_MILLISECONDS", 1, 3_600_000),
            ("GUILDHALL_INBOX_BYTES_IN_FLIGHT", 26_214_400, 1 << 40),
            ("GUILDHALL_DELIVERY_RETENTION_DAYS", 1, 36_500),
            ("GUILDHALL_ALERT_AGAIN_HOURS", 1, 720),
            ("GUILDHALL_ALERT_OUTBOX_MINUTES", 1, 10_080),
            ("GUILDHALL_REQUESTS_PER_MINUTE", 1, 100_000_000),
            ("GUILDHALL_PERSON_REQUESTS_PER_MINUTE", 1, 100_000_000),
            ("GUILDHALL_TOKEN_REQUESTS_PER_MINUTE", 1, 100_000_000),
        ] {
            for fits in [least, most] {
                load(variable, &fits.to_string()).expect(variable);
            }
            for wrong in [least - 1, most + 1] {
                let said = load(variable, &wrong.to_string()).expect_err(variable);
                let said = said.to_string();
                let range =
                    format!("({variable}) is {wrong}: write a whole number from {least} to {most}");
                assert!(said.ends_with(&range), "{said}");
            }
            for wrong in [
                "18446744073709551615",
                "99999999999999999999999",
                "-1",
                "1.5",
            ] {
                let said = load(variable, wrong).expect_err(variable).to_string();
                assert!(said.contains(variable) && said.contains(wrong), "{said}");
                assert!(said.contains("write a whole number"), "{said}");
            }
        }
    }
}
